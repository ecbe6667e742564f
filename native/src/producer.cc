#include "producer.h"

#include <algorithm>
#include <chrono>

#include "configs.h"
#include "consumer.h"
#include "options.h"

namespace bridge {

namespace {

using Clock = std::chrono::steady_clock;
using Topics = std::vector<rd_kafka_topic_t *>;

/** A moment after which nothing is begun any more. */
class Deadline {
 public:
  explicit Deadline(int64_t withinMs) : end_(Clock::now() + std::chrono::milliseconds(withinMs)) {}
  int leftMs() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return static_cast<int>(std::clamp<int64_t>(left, 0, INT32_MAX));
  }

 private:
  Clock::time_point end_;
};

/** Queues a record; while librdkafka's queue is full, it waits: that is the back-pressure. nullptr, or the error. */
rd_kafka_error_t *produceWithin(rd_kafka_t *rk, const Topics &topics, const Outgoing &batch, uint32_t index, void *opaque, const Deadline &deadline) {
  for (;;) {
    rd_kafka_error_t *error = produceOne(rk, topics, batch, index, opaque);
    if (!error || rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL || deadline.leftMs() == 0) return error;
    rd_kafka_error_destroy(error);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/** Queues all records of a transaction. The first that is not taken ends it, and is named. */
Failure produceAll(rd_kafka_t *rk, const Topics &topics, const Outgoing &batch, uint32_t number, const Deadline &deadline) {
  for (uint32_t i = 0; i < batch.count; i++) {
    rd_kafka_error_t *error = produceWithin(rk, topics, batch, i, Reports::opaque(number, i), deadline);
    if (!error) continue;
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    Failure failure = failureOf(rk, error, "send the records");
    // The transaction is open, and without this record it must not be committed.
    failure.requiresAbort = !failure.fatal;
    failure.refused.push_back({i, code});
    return failure;
  }
  return {};
}

constexpr int lookMs = 20;

/**
 * Waits until the broker has all records. What follows a refused one in its partition can no longer be sent, and would be waited for in vain:
 * the refusal ends the wait.
 */
Failure flushAll(rd_kafka_t *rk, Reports &reports, uint32_t number, const Deadline &deadline) {
  for (;;) {
    const bool all = rd_kafka_flush(rk, std::min(lookMs, deadline.leftMs())) == RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_resp_err_t refused = reports.firstRefused(number);
    if (refused != RD_KAFKA_RESP_ERR_NO_ERROR) {
      Failure failure = failureOf(rk, refused, "write a record");
      failure.requiresAbort = !failure.fatal;
      return failure;
    }
    if (all) return {};
    if (deadline.leftMs() > 0) continue;
    Failure failure = failureOf(rk, RD_KAFKA_RESP_ERR__TIMED_OUT, "write the records");
    failure.retriable = !failure.fatal;
    return failure;
  }
}

/**
 * To be done before the offsets are put in: a refusal that comes between two steps of a transaction ends the next of them with ERR__STATE,
 * before there is a report that names the record (2.15.1).
 */
Failure sendAll(ProducerState &state, const Topics &topics, const Outgoing &batch, const Deadline &deadline) {
  rd_kafka_t *rk = state.handle->rk();
  const uint32_t number = state.reports.openSilent();
  Failure failure = produceAll(rk, topics, batch, number, deadline);
  if (!failure) failure = flushAll(rk, state.reports, number, deadline);
  for (const Refused &one : state.reports.closeSilent(number)) failure.refused.push_back(one);
  return failure;
}

Failure putOffsets(rd_kafka_t *rk, rd_kafka_t *consumer, const List &offsets, int timeoutMs) {
  const char *step = "put the offsets into the transaction";
  rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer);
  if (!group) return failureOf(rk, RD_KAFKA_RESP_ERR__UNKNOWN_GROUP, step);
  Failure failure = failureOf(rk, rd_kafka_send_offsets_to_transaction(rk, offsets.get(), group, timeoutMs), step);
  rd_kafka_consumer_group_metadata_destroy(group);
  return failure;
}

}  // namespace

Napi::Function Producer::define(Napi::Env env) {
  return DefineClass(env, "Producer",
                     {
                         InstanceMethod<&Producer::topic>("topic"),
                         InstanceMethod<&Producer::produce>("produce"),
                         InstanceMethod<&Producer::send>("send"),
                         InstanceMethod<&Producer::transact>("transact"),
                         InstanceMethod<&Producer::sendOffsets>("sendOffsets"),
                         InstanceMethod<&Producer::step>("step"),
                         InstanceMethod<&Producer::metadata>("metadata"),
                         InstanceMethod<&Producer::topicConfigs>("topicConfigs"),
                         InstanceMethod<&Producer::setGroupConfigs>("setGroupConfigs"),
                         InstanceMethod<&Producer::close>("close"),
                     });
}

Producer::Producer(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Producer>(info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject() || !info[2].IsFunction()) throw Napi::TypeError::New(env, "Producer(config, options, onNotice)");
  Conf conf = toConf(env, info[0]);
  char id[256];
  size_t size = sizeof id;
  // In a transaction the commit tells of success; what is refused has to be named.
  if (rd_kafka_conf_get(conf.get(), "transactional.id", id, &size) == RD_KAFKA_CONF_OK && size > 1)
    rd_kafka_conf_set(conf.get(), "delivery.report.only.error", "true", nullptr, 0);
  auto state = std::make_shared<ProducerState>();
  state->courier = Courier::start(env, info[2].As<Napi::Function>());
  ProducerState *raw = state.get();
  state->handle = Handle::open(env, RD_KAFKA_PRODUCER, std::move(conf), RD_KAFKA_EVENT_DR, [raw](rd_kafka_t *rk, rd_kafka_event_t *event) {
    if (!tellNotice(raw->courier, event, rk) && rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR) raw->reports.take(event);
  });
  life_ = std::make_unique<Life<ProducerState>>(env, info[1].As<Napi::Object>().Get("isMainThread").ToBoolean(), std::move(state));
}

Napi::Value Producer::topic(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const std::string name = toText(env, info[0], "topic");
  const auto state = life_->state(env);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(state->handle->rk(), name.c_str(), nullptr);
  if (!topic) throw toError(env, failureOf(nullptr, rd_kafka_last_error(), "name a topic"));
  state->topics.push_back(topic);
  return Napi::Number::New(env, static_cast<double>(state->topics.size() - 1));
}

Napi::Value Producer::produce(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  auto state = life_->state(env);
  auto batch = std::make_shared<Outgoing>(toOutgoing(info, 0, state->topics.size()));
  const Deadline deadline(toNumber(env, info[4], "withinMs"));
  return life_->first.runLong(env, [state, topics = state->topics, batch, deadline](Settle settle) {
    const uint32_t number = state->reports.open(batch->count, std::move(settle));
    for (uint32_t i = 0; i < batch->count; i++) {
      rd_kafka_error_t *error = produceWithin(state->handle->rk(), topics, *batch, i, Reports::opaque(number, i), deadline);
      if (!error) continue;
      state->reports.refuse(number, i, rd_kafka_error_code(error));
      rd_kafka_error_destroy(error);
    }
  });
}

Napi::Value Producer::send(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  auto state = life_->state(env);
  auto batch = std::make_shared<Outgoing>(toOutgoing(info, 0, state->topics.size()));
  const Deadline deadline(toNumber(env, info[4], "withinMs"));
  return life_->first.run(env, [state, topics = state->topics, batch, deadline] {
    return nothing(sendAll(*state, topics, *batch, deadline));
  });
}

Napi::Value Producer::transact(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  auto state = life_->state(env);
  auto batch = std::make_shared<Outgoing>(toOutgoing(info, 0, state->topics.size()));
  const Deadline deadline(toNumber(env, info[4], "withinMs"));
  List offsets = toList(env, info[5]);
  std::shared_ptr<ConsumerState> consumer = offsets->cnt > 0 ? Consumer::stateOf(env, info[6]) : nullptr;
  return life_->first.run(env, [state, topics = state->topics, batch, deadline, offsets, consumer] {
    rd_kafka_t *rk = state->handle->rk();
    Failure failure = failureOf(rk, rd_kafka_begin_transaction(rk), "begin a transaction");
    if (failure) return nothing(std::move(failure));
    failure = sendAll(*state, topics, *batch, deadline);
    if (!failure && consumer) failure = putOffsets(rk, consumer->handle->rk(), offsets, deadline.leftMs());
    if (!failure) failure = failureOf(rk, rd_kafka_commit_transaction(rk, deadline.leftMs()), "commit the transaction");
    return nothing(std::move(failure));
  });
}

Napi::Value Producer::sendOffsets(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  List offsets = toList(env, info[0]);
  const auto timeoutMs = static_cast<int>(toNumber(env, info[2], "timeoutMs"));
  return life_->first.run(env, [state = life_->state(env), offsets, consumer = Consumer::stateOf(env, info[1]), timeoutMs] {
    return nothing(putOffsets(state->handle->rk(), consumer->handle->rk(), offsets, timeoutMs));
  });
}

Napi::Value Producer::step(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const std::string what = toText(env, info[0], "what");
  const auto timeoutMs = static_cast<int>(toNumber(env, info[1], "timeoutMs"));
  return life_->first.run(env, [state = life_->state(env), what, timeoutMs] {
    rd_kafka_t *rk = state->handle->rk();
    if (what == "init") return nothing(failureOf(rk, rd_kafka_init_transactions(rk, timeoutMs), "start as a transactional producer"));
    if (what == "begin") return nothing(failureOf(rk, rd_kafka_begin_transaction(rk), "begin a transaction"));
    if (what == "commit") return nothing(failureOf(rk, rd_kafka_commit_transaction(rk, timeoutMs), "commit the transaction"));
    if (what == "abort") return nothing(failureOf(rk, rd_kafka_abort_transaction(rk, timeoutMs), "abort the transaction"));
    return nothing(failureOf(nullptr, RD_KAFKA_RESP_ERR__INVALID_ARG, what.c_str(), "no such call"));
  });
}

Napi::Value Producer::metadata(const Napi::CallbackInfo &info) {
  return askMetadata(info, life_->second, life_->state(info.Env()));
}

Napi::Value Producer::topicConfigs(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  std::vector<std::string> topics = toTexts(env, info[0], "topics");
  const auto timeoutMs = static_cast<int>(toNumber(env, info[1], "timeoutMs"));
  return life_->second.run(env, [state = life_->state(env), topics = std::move(topics), timeoutMs] {
    return topicConfigsOf(state->handle->rk(), topics, timeoutMs);
  });
}

Napi::Value Producer::setGroupConfigs(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const std::string group = toText(env, info[0], "group");
  std::vector<std::string> namesAndValues = toTexts(env, info[1], "namesAndValues");
  const auto timeoutMs = static_cast<int>(toNumber(env, info[2], "timeoutMs"));
  return life_->second.run(env, [state = life_->state(env), group, namesAndValues = std::move(namesAndValues), timeoutMs] {
    return bridge::setGroupConfigs(state->handle->rk(), group, namesAndValues, timeoutMs);
  });
}

Napi::Value Producer::close(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const auto timeoutMs = static_cast<int>(toNumber(env, info[0], "timeoutMs"));
  return life_->close(env, *this, [state = life_->state(env), timeoutMs] {
    rd_kafka_t *rk = state->handle->rk();
    Failure failure = failureOf(rk, rd_kafka_flush(rk, timeoutMs), "flush");
    // What could not be sent in time is reported as such.
    rd_kafka_purge(rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(rk, 1000);
    return nothing(std::move(failure));
  });
}

}  // namespace bridge
