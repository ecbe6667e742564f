#include "consumer.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "failure.h"

namespace bridge {

namespace {

using Clock = std::chrono::steady_clock;

/** Tells a consumer from any other object. */
constexpr napi_type_tag tag = {0x8a6d1d2c5b3f4e07, 0x9c41e6a2f0d87b35};

struct Limits {
  size_t maxRecords;
  size_t maxBytes;
  int64_t withinMs;
  /** Comes back when the end of a partition was seen and nothing more is ready. */
  bool untilEnd;
};

/** A message that is an error, or the end of a partition. */
struct Mark {
  std::string topic;
  int32_t partition;
  int64_t offset;
  rd_kafka_resp_err_t code;
  std::string text;
};

/** What one read came to. Shared with the outcome, since std::function wants copies. */
struct Taken {
  std::unique_ptr<Arena> arena;
  std::vector<std::string> topics;
  std::vector<Mark> ends;
  std::vector<Mark> errors;
  std::vector<Rebalance> rebalances;
};

/** Records of librdkafka, given back to it at the end of the scope. */
class Messages {
 public:
  ~Messages() {
    for (rd_kafka_message_t *message : list) rd_kafka_message_destroy(message);
  }
  std::vector<rd_kafka_message_t *> list;
};

constexpr size_t firstSlice = 16;
constexpr size_t greatestSlice = 512;

/** How many records to take at once, by the size of those so far: `maxBytes` is not known to librdkafka. */
size_t nextSlice(const Limits &limits, size_t records, size_t bytes) {
  const size_t byBytes = bytes == 0 ? firstSlice : (limits.maxBytes - bytes) * records / bytes;
  return std::clamp<size_t>(byBytes, 1, std::min(greatestSlice, limits.maxRecords - records));
}

bool rebalancePending(ConsumerState &state) {
  const std::lock_guard<std::mutex> lock(state.mutex);
  return !state.rebalances.empty();
}

/** A batch that the client cannot open: a wrong checksum or format, a compression that failed, a codec that it was built without. */
bool cannotBeOpened(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__BAD_MSG || code == RD_KAFKA_RESP_ERR__BAD_COMPRESSION || code == RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED;
}

/**
 * Reads until a limit, a rebalance or a wake-up. Behind a batch that cannot be opened librdkafka may go on with what follows in the
 * partition: that is left out, or whoever reads would be behind the batch without having read it.
 */
std::shared_ptr<Taken> read(ConsumerState &state, const Limits &limits) {
  auto taken = std::make_shared<Taken>();
  Messages records;
  size_t bytes = 0;
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(limits.withinMs);
  std::vector<rd_kafka_message_t *> slice(greatestSlice);
  std::set<std::pair<std::string, int32_t>> broken;
  const auto isBehindBroken = [&broken](const rd_kafka_message_t *message) {
    return !broken.empty() && message->rkt && broken.count({rd_kafka_topic_name(message->rkt), message->partition}) > 0;
  };
  bool ready = true;
  while (records.list.size() < limits.maxRecords && bytes < limits.maxBytes && !rebalancePending(state) && !state.woken.exchange(false)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left < 0) break;
    if (!ready && limits.untilEnd && !taken->ends.empty()) break;
    // What is ready is taken at once; when nothing is, one record is waited for, since a wait for more would last until the timeout.
    const size_t most = ready ? nextSlice(limits, records.list.size(), bytes) : 1;
    const ssize_t count = rd_kafka_consume_batch_queue(state.handle->records(), ready ? 0 : static_cast<int>(left), slice.data(), most);
    ready = count > 0;
    for (ssize_t i = 0; i < count; i++) {
      rd_kafka_message_t *message = slice[static_cast<size_t>(i)];
      if (isBehindBroken(message)) {
        rd_kafka_message_destroy(message);
        continue;
      }
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        bytes += message->key_len + message->len;
        records.list.push_back(message);
        continue;
      }
      const bool isEnd = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
      Mark mark{message->rkt ? rd_kafka_topic_name(message->rkt) : "", message->partition, message->offset, message->err,
                isEnd ? "" : rd_kafka_message_errstr(message)};
      if (cannotBeOpened(mark.code)) broken.emplace(mark.topic, mark.partition);
      (isEnd ? taken->ends : taken->errors).push_back(std::move(mark));
      rd_kafka_message_destroy(message);
    }
    if (!ready && left == 0) break;
  }
  taken->arena = std::make_unique<Arena>(records.list, state.withHeaders, state.topics);
  taken->topics = state.topics.names();
  const std::lock_guard<std::mutex> lock(state.mutex);
  taken->rebalances.swap(state.rebalances);
  return taken;
}

Napi::Array toArray(Napi::Env env, const std::vector<Mark> &marks) {
  Napi::Array array = Napi::Array::New(env, marks.size());
  for (uint32_t i = 0; i < marks.size(); i++) {
    Napi::Object one = Napi::Object::New(env);
    one.Set("topic", marks[i].topic);
    one.Set("partition", marks[i].partition);
    one.Set("offset", static_cast<double>(marks[i].offset));
    if (!marks[i].text.empty()) {
      one.Set("code", static_cast<int32_t>(marks[i].code));
      one.Set("text", marks[i].text);
    }
    array.Set(i, one);
  }
  return array;
}

Napi::Value toObject(Napi::Env env, Taken &taken) {
  Napi::Object batch = Napi::Object::New(env);
  batch.Set("count", static_cast<double>(taken.arena->count()));
  batch.Set("buffer", taken.arena->toBuffer(env));
  Napi::Array topics = Napi::Array::New(env, taken.topics.size());
  for (uint32_t i = 0; i < taken.topics.size(); i++) topics.Set(i, taken.topics[i]);
  batch.Set("topics", topics);
  batch.Set("ends", toArray(env, taken.ends));
  batch.Set("errors", toArray(env, taken.errors));
  Napi::Array steps = Napi::Array::New(env, taken.rebalances.size());
  for (uint32_t i = 0; i < taken.rebalances.size(); i++) {
    const Rebalance &from = taken.rebalances[i];
    Napi::Object step = Napi::Object::New(env);
    step.Set("kind", from.assign ? "assign" : "revoke");
    step.Set("lost", from.lost);
    step.Set("protocol", from.protocol);
    step.Set("partitions", bridge::toArray(env, from.partitions.get()));
    steps.Set(i, step);
  }
  batch.Set("rebalances", steps);
  return batch;
}

/** Called by librdkafka within a read, or within close. It waits for the answer, which JavaScript gives by `assign`. */
void onRebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *partitions, void *opaque) {
  auto &state = *static_cast<ConsumerState *>(opaque);
  const std::string protocol = rd_kafka_rebalance_protocol(rk);
  if (state.closing) {
    if (protocol == "COOPERATIVE" && code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
      rd_kafka_error_t *error = rd_kafka_incremental_unassign(rk, partitions);
      if (error) rd_kafka_error_destroy(error);
    } else {
      rd_kafka_assign(rk, nullptr);
    }
    return;
  }
  const bool assign = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  List copy(rd_kafka_topic_partition_list_copy(partitions), ListDeleter());
  {
    const std::lock_guard<std::mutex> lock(state.mutex);
    state.rebalances.push_back({assign, !assign && rd_kafka_assignment_lost(rk) != 0, protocol, std::move(copy)});
  }
  // The read under way comes back at once.
  rd_kafka_queue_yield(state.handle->records());
}

Outcome theList(Failure failure, List list) {
  if (failure) return failed(std::move(failure));
  return [list = std::move(list)](Napi::Env env) -> Napi::Value { return bridge::toArray(env, list.get()); };
}

}  // namespace

Napi::Function Consumer::define(Napi::Env env) {
  return DefineClass(env, "Consumer",
                     {
                         InstanceMethod<&Consumer::subscribe>("subscribe"),
                         InstanceMethod<&Consumer::consume>("consume"),
                         InstanceMethod<&Consumer::wake>("wake"),
                         InstanceMethod<&Consumer::assign>("assign"),
                         InstanceMethod<&Consumer::withPartitions>("withPartitions"),
                         InstanceMethod<&Consumer::watermarks>("watermarks"),
                         InstanceMethod<&Consumer::metadata>("metadata"),
                         InstanceMethod<&Consumer::close>("close"),
                     });
}

Consumer::Consumer(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Consumer>(info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject() || !info[2].IsFunction()) throw Napi::TypeError::New(env, "Consumer(config, options, onNotice)");
  Conf conf = toConf(env, info[0]);
  const auto options = info[1].As<Napi::Object>();
  auto state = std::make_shared<ConsumerState>();
  state->withHeaders = options.Get("headers").ToBoolean();
  state->courier = Courier::start(env, info[2].As<Napi::Function>());
  rd_kafka_conf_set_opaque(conf.get(), state.get());
  rd_kafka_conf_set_rebalance_cb(conf.get(), onRebalance);
  state->handle = Handle::open(env, RD_KAFKA_CONSUMER, std::move(conf), 0, [courier = state->courier](rd_kafka_t *rk, rd_kafka_event_t *event) {
    tellNotice(courier, event, rk);
  });
  info.This().As<Napi::Object>().TypeTag(&tag);
  life_ = std::make_unique<Life<ConsumerState>>(env, options.Get("isMainThread").ToBoolean(), std::move(state));
}

std::shared_ptr<ConsumerState> Consumer::stateOf(Napi::Env env, const Napi::Value &value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&tag)) throw Napi::TypeError::New(env, "offsets need the consumer that they are of");
  return Unwrap(value.As<Napi::Object>())->life_->state(env);
}

Napi::Value Consumer::subscribe(const Napi::CallbackInfo &info) {
  List list = toList(info.Env(), info[0]);
  return life_->second.run(info.Env(), [state = life_->state(info.Env()), list] {
    return nothing(failureOf(state->handle->rk(), rd_kafka_subscribe(state->handle->rk(), list.get()), "subscribe"));
  });
}

Napi::Value Consumer::consume(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Limits limits{static_cast<size_t>(std::max<int64_t>(1, toNumber(env, info[0], "maxRecords"))),
                      static_cast<size_t>(std::max<int64_t>(1, toNumber(env, info[1], "maxBytes"))),
                      std::clamp<int64_t>(toNumber(env, info[2], "withinMs"), 0, INT32_MAX), info[3].ToBoolean()};
  return life_->first.run(env, [state = life_->state(env), limits]() -> Outcome {
    return [taken = read(*state, limits)](Napi::Env env) { return toObject(env, *taken); };
  });
}

Napi::Value Consumer::wake(const Napi::CallbackInfo &info) {
  const auto state = life_->state(info.Env());
  state->woken = true;
  rd_kafka_queue_yield(state->handle->records());
  return info.Env().Undefined();
}

Napi::Value Consumer::assign(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const std::string how = toText(env, info[0], "how");
  List list = toList(env, info[1]);
  return life_->second.run(env, [state = life_->state(env), how, list] {
    rd_kafka_t *rk = state->handle->rk();
    if (how == "assign") return nothing(failureOf(rk, rd_kafka_assign(rk, list.get()), "assign partitions"));
    if (how == "unassign") return nothing(failureOf(rk, rd_kafka_assign(rk, nullptr), "give partitions up"));
    if (how == "incremental-assign") return nothing(failureOf(rk, rd_kafka_incremental_assign(rk, list.get()), "assign partitions"));
    return nothing(failureOf(rk, rd_kafka_incremental_unassign(rk, list.get()), "give partitions up"));
  });
}

Napi::Value Consumer::withPartitions(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const std::string what = toText(env, info[0], "what");
  List list = toList(env, info[1]);
  const auto timeoutMs = static_cast<int>(toNumber(env, info[2], "timeoutMs"));
  return life_->second.run(env, [state = life_->state(env), what, list, timeoutMs]() -> Outcome {
    rd_kafka_t *rk = state->handle->rk();
    const auto done = [&](rd_kafka_resp_err_t code, const char *step) { return theList(failureOf(rk, code, step), list); };
    if (what == "commit") return done(rd_kafka_commit(rk, list.get(), 0), "commit offsets");
    if (what == "committed") return done(rd_kafka_committed(rk, list.get(), timeoutMs), "read the committed offsets");
    if (what == "position") return done(rd_kafka_position(rk, list.get()), "read the positions");
    if (what == "pause") return done(rd_kafka_pause_partitions(rk, list.get()), "pause partitions");
    if (what == "resume") return done(rd_kafka_resume_partitions(rk, list.get()), "resume partitions");
    if (what == "times") return done(rd_kafka_offsets_for_times(rk, list.get(), timeoutMs), "look up offsets by time");
    if (what == "seek") return theList(failureOf(rk, rd_kafka_seek_partitions(rk, list.get(), timeoutMs), "seek"), list);
    return nothing(failureOf(nullptr, RD_KAFKA_RESP_ERR__INVALID_ARG, what.c_str(), "no such call"));
  });
}

Napi::Value Consumer::watermarks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const std::string topic = toText(env, info[0], "topic");
  const auto partition = static_cast<int32_t>(toNumber(env, info[1], "partition"));
  const auto timeoutMs = static_cast<int>(toNumber(env, info[2], "timeoutMs"));
  return life_->second.run(env, [state = life_->state(env), topic, partition, timeoutMs]() -> Outcome {
    rd_kafka_t *rk = state->handle->rk();
    int64_t low = 0;
    int64_t high = 0;
    const rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(rk, topic.c_str(), partition, &low, &high, timeoutMs);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return nothing(failureOf(rk, code, "ask for the ends of a partition"));
    return [low, high](Napi::Env env) -> Napi::Value {
      Napi::Object ends = Napi::Object::New(env);
      ends.Set("low", static_cast<double>(low));
      ends.Set("high", static_cast<double>(high));
      return ends;
    };
  });
}

Napi::Value Consumer::metadata(const Napi::CallbackInfo &info) {
  return askMetadata(info, life_->second, life_->state(info.Env()));
}

Napi::Value Consumer::close(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const auto state = life_->state(env);
  state->closing = true;
  state->woken = true;
  rd_kafka_queue_yield(state->handle->records());
  return life_->close(env, *this, [state] {
    rd_kafka_t *rk = state->handle->rk();
    return nothing(failureOf(nullptr, rd_kafka_consumer_close(rk), "leave the group"));
  });
}

}  // namespace bridge
