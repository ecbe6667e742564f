#include "reports.h"

#include <cstring>

#include "arena.h"

namespace bridge {

namespace {

constexpr size_t mostRefusedOfTransaction = 100;

/** { count, buffer, refused }: offsets as doubles, then partitions as int32; of a refused record both are -1. */
Outcome answer(const std::vector<double> &offsets, const std::vector<int32_t> &partitions, std::vector<Refused> refused) {
  return [offsets, partitions, refused = std::move(refused)](Napi::Env env) -> Napi::Value {
    Napi::Object reports = Napi::Object::New(env);
    const size_t offsetsSize = offsets.size() * sizeof(double);
    const size_t partitionsSize = partitions.size() * sizeof(int32_t);
    Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, offsetsSize + partitionsSize);
    if (offsetsSize > 0) {
      memcpy(buffer.Data(), offsets.data(), offsetsSize);
      memcpy(static_cast<char *>(buffer.Data()) + offsetsSize, partitions.data(), partitionsSize);
    }
    reports.Set("count", static_cast<double>(offsets.size()));
    reports.Set("buffer", buffer);
    reports.Set("refused", toArray(env, refused));
    return reports;
  };
}

}  // namespace

Reports::~Reports() {
  for (auto &[number, batch] : batches_)
    if (batch.settle) batch.settle(closed());
}

uint32_t Reports::open(uint32_t count, Settle settle) {
  if (count == 0) {
    settle(answer({}, {}, {}));
    return 0;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  // Never 0: a record without an opaque value is nobody's.
  if (++last_ == 0) ++last_;
  batches_[last_] = {std::move(settle), std::vector<double>(count, -1), std::vector<int32_t>(count, -1), {}, count};
  return last_;
}

uint32_t Reports::openSilent() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (++last_ == 0) ++last_;
  batches_[last_] = {};
  return last_;
}

rd_kafka_resp_err_t Reports::firstRefused(uint32_t number) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::vector<Refused> &refused = batches_[number].refused;
  return refused.empty() ? RD_KAFKA_RESP_ERR_NO_ERROR : refused.front().code;
}

std::vector<Refused> Reports::closeSilent(uint32_t number) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Refused> refused = std::move(batches_[number].refused);
  batches_.erase(number);
  return refused;
}

void Reports::refuse(uint32_t batch, uint32_t index, rd_kafka_resp_err_t code) {
  const std::lock_guard<std::mutex> lock(mutex_);
  report(batch, index, -1, -1, code);
}

void Reports::take(rd_kafka_event_t *event) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (const rd_kafka_message_t *message = rd_kafka_event_message_next(event)) {
    const auto opaque = reinterpret_cast<uintptr_t>(message->_private);
    report(static_cast<uint32_t>(opaque >> 32), static_cast<uint32_t>(opaque), message->partition, message->offset, message->err);
  }
}

void Reports::report(uint32_t number, uint32_t index, int32_t partition, int64_t offset, rd_kafka_resp_err_t code) {
  const auto found = batches_.find(number);
  // A transaction that was aborted meanwhile.
  if (found == batches_.end()) return;
  Batch &batch = found->second;
  if (!batch.settle) {
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && batch.refused.size() < mostRefusedOfTransaction) batch.refused.push_back({index, code});
    return;
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    batch.refused.push_back({index, code});
  } else {
    batch.offsets[index] = static_cast<double>(offset);
    batch.partitions[index] = partition;
  }
  if (--batch.missing > 0) return;
  batch.settle(answer(batch.offsets, batch.partitions, std::move(batch.refused)));
  batches_.erase(found);
}

}  // namespace bridge
