#include "share-consumer.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "failure.h"
#include "notice.h"
#include "options.h"

namespace bridge {

namespace {

using Clock = std::chrono::steady_clock;

/** A poll cannot be woken up: it is done in pieces of so long, between which a close is seen (ms). */
constexpr int pieceMs = 200;

struct MessagesDeleter {
  void operator()(rd_kafka_messages_t *messages) const { rd_kafka_messages_destroy(messages); }
};
using Messages = std::unique_ptr<rd_kafka_messages_t, MessagesDeleter>;

struct BrokenRecord {
  Delivered record;
  rd_kafka_resp_err_t code;
  std::string text;
};

/** What one poll came to. Shared with the outcome, since std::function wants copies. */
struct Polled {
  std::unique_ptr<Arena> arena;
  std::vector<std::string> topics;
  std::vector<int32_t> deliveryCounts;
  std::vector<BrokenRecord> errors;
};

void onError(rd_kafka_t *rk, int code, const char *text, void *opaque) {
  Notice notice;
  char cause[512];
  notice.isError = true;
  notice.fatal = code == RD_KAFKA_RESP_ERR__FATAL;
  // The code of a fatal one only says that it is fatal.
  notice.code = notice.fatal ? rd_kafka_fatal_error(rk, cause, sizeof cause) : code;
  notice.text = notice.fatal ? cause : text;
  tell(static_cast<ShareState *>(opaque)->courier, std::move(notice));
}

void onLog(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
  Notice notice;
  notice.level = level;
  notice.facility = facility;
  notice.text = text;
  tell(static_cast<ShareState *>(rd_kafka_opaque(rk))->courier, std::move(notice));
}

/** Waits for the first records, or until the time is over, or the consumer closes. */
Failure waitForRecords(ShareState &state, int64_t withinMs, Messages &messages) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(withinMs);
  do {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    rd_kafka_messages_t *found = nullptr;
    rd_kafka_error_t *error = rd_kafka_share_poll(state.share, static_cast<int>(std::clamp<int64_t>(left, 0, pieceMs)), &found);
    messages.reset(found);
    if (error) return failureOf(nullptr, error, "poll a share group");
  } while (rd_kafka_messages_count(messages.get()) == 0 && Clock::now() < end && !state.closing);
  return {};
}

std::shared_ptr<Polled> take(ShareState &state, rd_kafka_messages_t *messages) {
  auto polled = std::make_shared<Polled>();
  std::vector<rd_kafka_message_t *> records;
  state.delivered.clear();
  state.broken.clear();
  const size_t count = rd_kafka_messages_count(messages);
  for (size_t i = 0; i < count; i++) {
    rd_kafka_message_t *message = rd_kafka_messages_get(messages, i);
    Delivered place{message->rkt ? rd_kafka_topic_name(message->rkt) : "", message->partition, message->offset};
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      state.broken.push_back(place);
      polled->errors.push_back({std::move(place), message->err, rd_kafka_message_errstr(message)});
      continue;
    }
    records.push_back(message);
    polled->deliveryCounts.push_back(rd_kafka_message_delivery_count(message));
    state.delivered.push_back(std::move(place));
  }
  polled->arena = std::make_unique<Arena>(records, state.withHeaders, state.topics);
  polled->topics = state.topics.names();
  return polled;
}

Napi::Value toObject(Napi::Env env, Polled &polled) {
  Napi::Object batch = Napi::Object::New(env);
  batch.Set("count", static_cast<double>(polled.arena->count()));
  batch.Set("buffer", polled.arena->toBuffer(env));
  Napi::Array topics = Napi::Array::New(env, polled.topics.size());
  for (uint32_t i = 0; i < polled.topics.size(); i++) topics.Set(i, polled.topics[i]);
  batch.Set("topics", topics);
  Napi::Int32Array counts = Napi::Int32Array::New(env, polled.deliveryCounts.size());
  std::copy(polled.deliveryCounts.begin(), polled.deliveryCounts.end(), counts.Data());
  batch.Set("deliveryCounts", counts);
  Napi::Array errors = Napi::Array::New(env, polled.errors.size());
  for (uint32_t i = 0; i < polled.errors.size(); i++) {
    const auto &[record, code, text] = polled.errors[i];
    Napi::Object one = Napi::Object::New(env);
    one.Set("topic", record.topic);
    one.Set("partition", record.partition);
    one.Set("offset", static_cast<double>(record.offset));
    one.Set("code", static_cast<int32_t>(code));
    one.Set("text", text);
    errors.Set(i, one);
  }
  batch.Set("errors", errors);
  return batch;
}

Failure acknowledgeOne(ShareState &state, Delivered &record, rd_kafka_share_AcknowledgeType_t type) {
  const rd_kafka_resp_err_t code = rd_kafka_share_acknowledge_offset(state.share, record.topic.c_str(), record.partition, record.offset, type);
  record.topic.clear();
  return failureOf(nullptr, code, "acknowledge a record");
}

/** Acknowledges and commits. Records that could not be opened are rejected along with the others. */
Outcome settle(ShareState &state, const std::vector<uint8_t> &types, int timeoutMs) {
  if (types.size() != state.delivered.size()) throw std::invalid_argument("there must be an acknowledgement, or 0, for each record of the batch");
  for (size_t i = 0; i < types.size(); i++) {
    if (types[i] == 0) continue;
    if (types[i] > RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_REJECT) throw std::invalid_argument("there is no such acknowledgement");
    if (state.delivered[i].topic.empty()) throw std::invalid_argument("a record was acknowledged before");
    Failure failure = acknowledgeOne(state, state.delivered[i], static_cast<rd_kafka_share_AcknowledgeType_t>(types[i]));
    if (failure) return failed(std::move(failure));
  }
  for (Delivered &record : state.broken) {
    Failure failure = acknowledgeOne(state, record, RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_REJECT);
    if (failure) return failed(std::move(failure));
  }
  state.broken.clear();
  rd_kafka_topic_partition_list_t *results = nullptr;
  rd_kafka_error_t *error = rd_kafka_share_commit_sync(state.share, timeoutMs, &results);
  List list(results ? results : rd_kafka_topic_partition_list_new(0), ListDeleter());
  if (error) return failed(failureOf(nullptr, error, "commit acknowledgements"));
  return [list](Napi::Env env) -> Napi::Value { return toArray(env, list.get()); };
}

}  // namespace

ShareState::~ShareState() {
  if (!share) return;
  rd_kafka_error_t *error = rd_kafka_share_destroy_flags(share, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  if (error) rd_kafka_error_destroy(error);
}

Napi::Function ShareConsumer::define(Napi::Env env) {
  return DefineClass(env, "ShareConsumer",
                     {
                         InstanceMethod<&ShareConsumer::subscribe>("subscribe"),
                         InstanceMethod<&ShareConsumer::poll>("poll"),
                         InstanceMethod<&ShareConsumer::acknowledge>("acknowledge"),
                         InstanceMethod<&ShareConsumer::close>("close"),
                     });
}

ShareConsumer::ShareConsumer(const Napi::CallbackInfo &info) : Napi::ObjectWrap<ShareConsumer>(info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject() || !info[2].IsFunction()) throw Napi::TypeError::New(env, "ShareConsumer(config, options, onNotice)");
  Conf conf = toConf(env, info[0]);
  const auto options = info[1].As<Napi::Object>();
  auto state = std::make_shared<ShareState>();
  state->withHeaders = options.Get("headers").ToBoolean();
  state->courier = Courier::start(env, info[2].As<Napi::Function>());
  // By callbacks: the queues of events are not to be had for a share consumer.
  rd_kafka_conf_set_opaque(conf.get(), state.get());
  rd_kafka_conf_set_error_cb(conf.get(), onError);
  rd_kafka_conf_set_log_cb(conf.get(), onLog);
  char text[512];
  state->share = rd_kafka_share_consumer_new(conf.get(), text, sizeof text);
  if (!state->share) throw toError(env, failureOf(nullptr, rd_kafka_last_error(), "create the client", text));
  conf.release();
  life_ = std::make_unique<Life<ShareState>>(env, options.Get("isMainThread").ToBoolean(), std::move(state));
}

Napi::Value ShareConsumer::subscribe(const Napi::CallbackInfo &info) {
  List list = toList(info.Env(), info[0]);
  return life_->first.run(info.Env(), [state = life_->state(info.Env()), list] {
    return nothing(failureOf(nullptr, rd_kafka_share_subscribe(state->share, list.get()), "subscribe"));
  });
}

Napi::Value ShareConsumer::poll(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const int64_t withinMs = std::clamp<int64_t>(toNumber(env, info[0], "withinMs"), 0, INT32_MAX);
  return life_->first.run(env, [state = life_->state(env), withinMs]() -> Outcome {
    Messages messages;
    Failure failure = waitForRecords(*state, withinMs, messages);
    if (failure) return failed(std::move(failure));
    return [polled = take(*state, messages.get())](Napi::Env env) { return toObject(env, *polled); };
  });
}

Napi::Value ShareConsumer::acknowledge(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsTypedArray()) throw Napi::TypeError::New(env, "acknowledge(types, timeoutMs)");
  const auto given = info[0].As<Napi::Uint8Array>();
  std::vector<uint8_t> types(given.Data(), given.Data() + given.ElementLength());
  const auto timeoutMs = static_cast<int>(toNumber(env, info[1], "timeoutMs"));
  return life_->first.run(env, [state = life_->state(env), types = std::move(types), timeoutMs] { return settle(*state, types, timeoutMs); });
}

Napi::Value ShareConsumer::close(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const auto state = life_->state(env);
  state->closing = true;
  return life_->close(env, *this, [state] { return nothing(failureOf(nullptr, rd_kafka_share_consumer_close(state->share), "leave the share group")); });
}

}  // namespace bridge
