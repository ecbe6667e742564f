// Records on their way out: the same layout as records that come in.
#pragma once
#include <napi.h>

#include <cstdint>
#include <vector>

#include "rdkafka.h"

namespace bridge {

/** A copy of what JavaScript handed over, checked: JavaScript may use its memory again at once. */
struct Outgoing {
  std::vector<uint8_t> bytes;
  std::vector<int32_t> fields;
  std::vector<double> times;
  uint32_t count = 0;
};

/**
 * @param first where the four arguments begin: count, bytes (Uint8Array), fields (Int32Array), times (Float64Array)
 * @param topics how many topics the producer knows
 * @throws Napi::Error for what is no such batch; nothing of it is sent then
 */
Outgoing toOutgoing(const Napi::CallbackInfo &info, size_t first, size_t topics);

/**
 * Queues one record of a batch; librdkafka copies it.
 * @param opaque comes back with the record's report
 * @returns nullptr, or the error, to be destroyed by the caller
 */
rd_kafka_error_t *produceOne(rd_kafka_t *rk, const std::vector<rd_kafka_topic_t *> &topics, const Outgoing &batch, uint32_t index, void *opaque);

}  // namespace bridge
