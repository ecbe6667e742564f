#include "arena.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

namespace bridge {

namespace {

/** Goes through a record's headers: `each(name, value or nullptr, size)`. */
template <class Each>
void forEachHeader(const rd_kafka_message_t *message, Each each) {
  rd_kafka_headers_t *headers = nullptr;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char *name;
  const void *value;
  size_t size;
  for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; i++) each(name, value, size);
}

/** The bytes that a record's headers take, 0 without any. */
size_t headersSize(const rd_kafka_message_t *message) {
  size_t size = 0;
  forEachHeader(message, [&](const char *name, const void *value, size_t length) {
    size += 2 * sizeof(int32_t) + strlen(name) + (value ? length : 0);
  });
  return size ? size + sizeof(int32_t) : 0;
}

/** Writes one thing after the other. */
class Writer {
 public:
  explicit Writer(char *start) : start_(start), at_(start) {}
  int32_t position() const { return static_cast<int32_t>(at_ - start_); }
  void bytes(const void *from, size_t size) {
    if (size > 0) memcpy(at_, from, size);
    at_ += size;
  }
  void number(int32_t value) { bytes(&value, sizeof value); }
  void headers(const rd_kafka_message_t *message) {
    int32_t count = 0;
    char *const countAt = at_;
    number(0);
    forEachHeader(message, [&](const char *name, const void *value, size_t length) {
      const size_t nameLength = strlen(name);
      number(static_cast<int32_t>(nameLength));
      bytes(name, nameLength);
      number(value ? static_cast<int32_t>(length) : -1);
      if (value) bytes(value, length);
      count++;
    });
    memcpy(countAt, &count, sizeof count);
  }

 private:
  char *start_;
  char *at_;
};

}  // namespace

int32_t TopicNames::numberOf(const char *name) {
  const auto [found, isNew] = numbers_.try_emplace(name, static_cast<int32_t>(names_.size()));
  if (isNew) names_.emplace_back(name);
  return found->second;
}

Arena::Arena(const std::vector<rd_kafka_message_t *> &messages, bool withHeaders, TopicNames &topics) : count_(messages.size()) {
  std::vector<size_t> headerSizes(withHeaders ? count_ : 0);
  size_t bytes = 0;
  for (size_t i = 0; i < count_; i++) {
    if (withHeaders) headerSizes[i] = headersSize(messages[i]);
    bytes += messages[i]->key_len + messages[i]->len + (withHeaders ? headerSizes[i] : 0);
  }
  if (bytes > INT32_MAX) throw std::length_error("the records of one batch are larger than 2 GiB");
  const size_t timesSize = count_ * timesPerRecord * sizeof(double);
  const size_t fieldsSize = count_ * fieldsPerRecord * sizeof(int32_t);
  size_ = timesSize + fieldsSize + bytes;
  block_ = static_cast<char *>(malloc(size_ ? size_ : 1));
  if (!block_) throw std::bad_alloc();
  auto *times = reinterpret_cast<double *>(block_);
  auto *fields = reinterpret_cast<int32_t *>(block_ + timesSize);
  Writer writer(block_ + timesSize + fieldsSize);
  const rd_kafka_topic_t *lastTopic = nullptr;
  int32_t topic = -1;
  for (size_t i = 0; i < count_; i++) {
    const rd_kafka_message_t *message = messages[i];
    // Pointers are alike only while the messages of this batch hold them.
    if (message->rkt != lastTopic) topic = topics.numberOf(rd_kafka_topic_name(message->rkt));
    lastTopic = message->rkt;
    rd_kafka_timestamp_type_t kind;
    *times++ = static_cast<double>(message->offset);
    *times++ = static_cast<double>(rd_kafka_message_timestamp(message, &kind));
    *fields++ = topic;
    *fields++ = message->partition;
    *fields++ = writer.position();
    *fields++ = message->key ? static_cast<int32_t>(message->key_len) : -1;
    if (message->key) writer.bytes(message->key, message->key_len);
    *fields++ = writer.position();
    *fields++ = message->payload ? static_cast<int32_t>(message->len) : -1;
    if (message->payload) writer.bytes(message->payload, message->len);
    const bool has = withHeaders && headerSizes[i] > 0;
    *fields++ = has ? writer.position() : -1;
    if (has) writer.headers(message);
  }
}

Napi::Value Arena::toBuffer(Napi::Env env) {
  char *block = block_;
  block_ = nullptr;
  return adopt(env, block, size_);
}

Napi::ArrayBuffer adopt(Napi::Env env, char *block, size_t size) {
  if (size == 0) {
    free(block);
    return Napi::ArrayBuffer::New(env, 0);
  }
  return Napi::ArrayBuffer::New(env, block, size, [](Napi::Env, void *data) { free(data); });
}

}  // namespace bridge
