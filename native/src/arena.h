// Records of librdkafka copied into one block of memory, which becomes one ArrayBuffer.
#pragma once
#include <napi.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "rdkafka.h"

namespace bridge {

/** Numbers of a record in the block: topic, partition, key start and length, value start and length, start of its headers. */
constexpr size_t fieldsPerRecord = 7;
/** Its offset and its timestamp. */
constexpr size_t timesPerRecord = 2;

/** Topics by number, in the order of their first appearance; lives as long as its client, used by one thread at a time. */
class TopicNames {
 public:
  int32_t numberOf(const char *name);
  const std::vector<std::string> &names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, int32_t> numbers_;
};

/**
 * One malloc: [double offset, timestamp] x count, [int32 x 7] x count, then the bytes of keys, values and headers. Starts count from the
 * first of those bytes; -1 is null. Owned by this until `toBuffer` hands it to an ArrayBuffer, whose finalizer frees it.
 *
 * Headers of a record: int32 count, then each as int32 length of the name, name, int32 length of the value (-1: null), value; little-endian,
 * not aligned.
 */
class Arena {
 public:
  /**
   * Copies; the messages stay the caller's.
   * @throws std::bad_alloc, or std::length_error where all of it is beyond 2 GiB
   */
  Arena(const std::vector<rd_kafka_message_t *> &messages, bool withHeaders, TopicNames &topics);
  ~Arena() { free(block_); }
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;

  size_t count() const { return count_; }
  /** On JavaScript's thread, once. */
  Napi::Value toBuffer(Napi::Env env);

 private:
  size_t count_;
  size_t size_ = 0;
  char *block_ = nullptr;
};

/** Hands a block of malloc to an ArrayBuffer, which frees it. */
Napi::ArrayBuffer adopt(Napi::Env env, char *block, size_t size);

}  // namespace bridge
