#include "outgoing.h"

#include <cstring>

#include "arena.h"
#include "options.h"

namespace bridge {

namespace {

/** Reads what stands at a place of the bytes, never beyond their end. */
class Reader {
 public:
  Reader(const std::vector<uint8_t> &bytes, int32_t at) : bytes_(bytes), at_(static_cast<size_t>(at)) {}
  bool number(int32_t &value) {
    if (at_ + sizeof value > bytes_.size()) return false;
    memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return true;
  }
  bool take(int32_t length, const uint8_t *&from) {
    if (length < 0 || static_cast<size_t>(length) > bytes_.size() - at_) return false;
    from = bytes_.data() + at_;
    at_ += static_cast<size_t>(length);
    return true;
  }

 private:
  const std::vector<uint8_t> &bytes_;
  size_t at_;
};

/** Goes through the headers at a place: `each(name, its length, value or nullptr, its length)`. False where they are not whole. */
template <class Each>
bool readHeaders(const std::vector<uint8_t> &bytes, int32_t start, Each each) {
  Reader reader(bytes, start);
  int32_t count;
  if (!reader.number(count) || count < 0) return false;
  for (int32_t i = 0; i < count; i++) {
    int32_t nameLength;
    int32_t valueLength;
    const uint8_t *name;
    const uint8_t *value = nullptr;
    if (!reader.number(nameLength) || !reader.take(nameLength, name) || !reader.number(valueLength) || valueLength < -1) return false;
    if (valueLength >= 0 && !reader.take(valueLength, value)) return false;
    each(name, nameLength, value, valueLength);
  }
  return true;
}

bool inside(size_t size, int32_t start, int32_t length) {
  if (length == -1) return true;
  return length >= 0 && start >= 0 && static_cast<size_t>(start) <= size && static_cast<size_t>(length) <= size - static_cast<size_t>(start);
}

/** Why a record is none, or nullptr. */
const char *wrongWith(const Outgoing &batch, const int32_t *fields, size_t topics) {
  const size_t size = batch.bytes.size();
  if (fields[0] < 0 || static_cast<size_t>(fields[0]) >= topics) return "its topic is not known";
  if (fields[1] < -1) return "its partition is negative";
  if (!inside(size, fields[2], fields[3])) return "its key is outside of the bytes";
  if (!inside(size, fields[4], fields[5])) return "its value is outside of the bytes";
  if (fields[6] == -1) return nullptr;
  const bool whole = inside(size, fields[6], 4) && readHeaders(batch.bytes, fields[6], [](auto...) {});
  return whole ? nullptr : "its headers are outside of the bytes";
}

}  // namespace

Outgoing toOutgoing(const Napi::CallbackInfo &info, size_t first, size_t topics) {
  const Napi::Env env = info.Env();
  const auto isArray = [](const Napi::Value &value, napi_typedarray_type type) {
    return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
  };
  const int64_t count = toNumber(env, info[first], "count");
  if (!isArray(info[first + 1], napi_uint8_array) || !isArray(info[first + 2], napi_int32_array) || !isArray(info[first + 3], napi_float64_array))
    throw Napi::TypeError::New(env, "a batch is count, Uint8Array, Int32Array, Float64Array");
  const auto bytes = info[first + 1].As<Napi::Uint8Array>();
  const auto fields = info[first + 2].As<Napi::Int32Array>();
  const auto times = info[first + 3].As<Napi::Float64Array>();
  if (count < 0 || count > INT32_MAX || static_cast<size_t>(count) * fieldsPerRecord > fields.ElementLength() ||
      static_cast<size_t>(count) * timesPerRecord > times.ElementLength())
    throw Napi::TypeError::New(env, "count is more than the batch holds");
  Outgoing batch;
  batch.count = static_cast<uint32_t>(count);
  batch.bytes.assign(bytes.Data(), bytes.Data() + bytes.ElementLength());
  batch.fields.assign(fields.Data(), fields.Data() + batch.count * fieldsPerRecord);
  batch.times.assign(times.Data(), times.Data() + batch.count * timesPerRecord);
  for (uint32_t i = 0; i < batch.count; i++) {
    const char *wrong = wrongWith(batch, batch.fields.data() + i * fieldsPerRecord, topics);
    if (wrong) throw Napi::TypeError::New(env, "record " + std::to_string(i) + ": " + wrong);
  }
  return batch;
}

rd_kafka_error_t *produceOne(rd_kafka_t *rk, const std::vector<rd_kafka_topic_t *> &topics, const Outgoing &batch, uint32_t index, void *opaque) {
  const int32_t *fields = batch.fields.data() + index * fieldsPerRecord;
  rd_kafka_vu_t values[8];
  size_t count = 0;
  const auto add = [&](rd_kafka_vtype_t type) -> auto & {
    values[count].vtype = type;
    return values[count++].u;
  };
  // Not null where it is only empty, and never written to: librdkafka copies it.
  const auto at = [&](int32_t start) { return const_cast<uint8_t *>(batch.bytes.data()) + start; };
  static constexpr uint8_t empty = 0;
  const auto addBytes = [&](rd_kafka_vtype_t type, int32_t start, int32_t length) {
    auto &memory = add(type).mem;
    memory.ptr = length < 0 ? nullptr : length == 0 ? const_cast<uint8_t *>(&empty) : at(start);
    memory.size = length < 0 ? 0 : static_cast<size_t>(length);
  };
  add(RD_KAFKA_VTYPE_RKT).rkt = topics[static_cast<size_t>(fields[0])];
  add(RD_KAFKA_VTYPE_PARTITION).i32 = fields[1];
  add(RD_KAFKA_VTYPE_MSGFLAGS).i = RD_KAFKA_MSG_F_COPY;
  add(RD_KAFKA_VTYPE_OPAQUE).ptr = opaque;
  addBytes(RD_KAFKA_VTYPE_KEY, fields[2], fields[3]);
  addBytes(RD_KAFKA_VTYPE_VALUE, fields[4], fields[5]);
  const double timestamp = batch.times[index * timesPerRecord + 1];
  add(RD_KAFKA_VTYPE_TIMESTAMP).i64 = timestamp > 0 ? static_cast<int64_t>(timestamp) : 0;
  rd_kafka_headers_t *headers = nullptr;
  if (fields[6] != -1) {
    headers = rd_kafka_headers_new(8);
    readHeaders(batch.bytes, fields[6], [&](const uint8_t *name, int32_t nameLength, const uint8_t *value, int32_t valueLength) {
      rd_kafka_header_add(headers, reinterpret_cast<const char *>(name), nameLength, valueLength == 0 ? &empty : value, valueLength < 0 ? 0 : valueLength);
    });
    add(RD_KAFKA_VTYPE_HEADERS).headers = headers;
  }
  rd_kafka_error_t *error = rd_kafka_produceva(rk, values, count);
  // Only on success they are librdkafka's.
  if (error && headers) rd_kafka_headers_destroy(headers);
  return error;
}

}  // namespace bridge
