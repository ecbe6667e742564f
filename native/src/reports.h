// Delivery reports, gathered until those of a whole batch are there.
#pragma once
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "failure.h"
#include "rdkafka.h"
#include "worker.h"

namespace bridge {

/**
 * A record carries the number of its batch and its place in it as its opaque value: no pointer that could outlive what it points to.
 * Used by the thread that sends and the one of events.
 */
class Reports {
 public:
  Reports() = default;
  /** Batches whose reports never came are rejected as closed. */
  ~Reports();

  /** A batch that is answered when each of its records is reported. */
  uint32_t open(uint32_t count, Settle settle);
  /** A batch of a transaction: only what is refused is reported. */
  uint32_t openSilent();
  /** Of such a batch: why the first of its records was refused, or no error. */
  rd_kafka_resp_err_t firstRefused(uint32_t batch);
  /** The end of such a batch. @returns what of it was refused, at most some */
  std::vector<Refused> closeSilent(uint32_t batch);

  static void *opaque(uint32_t batch, uint32_t index) { return reinterpret_cast<void *>(static_cast<uintptr_t>(batch) << 32 | index); }
  /** A record that librdkafka did not even take. */
  void refuse(uint32_t batch, uint32_t index, rd_kafka_resp_err_t code);
  void take(rd_kafka_event_t *event);

 private:
  struct Batch {
    Settle settle;
    std::vector<double> offsets;
    std::vector<int32_t> partitions;
    std::vector<Refused> refused;
    uint32_t missing = 0;
  };
  void report(uint32_t number, uint32_t index, int32_t partition, int64_t offset, rd_kafka_resp_err_t code);

  std::mutex mutex_;
  std::unordered_map<uint32_t, Batch> batches_;
  uint32_t last_ = 0;
};

}  // namespace bridge
