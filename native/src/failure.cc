#include "failure.h"

namespace bridge {

namespace {

void addCause(rd_kafka_t *rk, Failure &failure) {
  char text[512];
  const rd_kafka_resp_err_t cause = rk ? rd_kafka_fatal_error(rk, text, sizeof text) : RD_KAFKA_RESP_ERR_NO_ERROR;
  if (cause == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  failure.fatal = true;
  failure.causeCode = cause;
  failure.causeText = text;
}

}  // namespace

Failure failureOf(rd_kafka_t *rk, rd_kafka_error_t *error, const char *step) {
  Failure failure;
  if (!error) return failure;
  failure.code = rd_kafka_error_code(error);
  failure.text = rd_kafka_error_string(error);
  failure.step = step;
  failure.fatal = rd_kafka_error_is_fatal(error);
  failure.retriable = rd_kafka_error_is_retriable(error);
  failure.requiresAbort = rd_kafka_error_txn_requires_abort(error);
  rd_kafka_error_destroy(error);
  addCause(rk, failure);
  return failure;
}

Failure failureOf(rd_kafka_t *rk, rd_kafka_resp_err_t code, const char *step, const char *text) {
  Failure failure;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return failure;
  failure.code = code;
  failure.text = text ? text : rd_kafka_err2str(code);
  failure.step = step;
  addCause(rk, failure);
  return failure;
}

Napi::Array toArray(Napi::Env env, const std::vector<Refused> &refused) {
  Napi::Array list = Napi::Array::New(env, refused.size());
  for (uint32_t i = 0; i < refused.size(); i++) {
    Napi::Object one = Napi::Object::New(env);
    one.Set("index", refused[i].index);
    one.Set("code", static_cast<int32_t>(refused[i].code));
    one.Set("text", rd_kafka_err2str(refused[i].code));
    list.Set(i, one);
  }
  return list;
}

Napi::Error toError(Napi::Env env, const Failure &failure) {
  Napi::Error error = Napi::Error::New(env, failure.text);
  error.Set("code", Napi::Number::New(env, failure.code));
  error.Set("id", Napi::String::New(env, rd_kafka_err2name(failure.code)));
  error.Set("step", Napi::String::New(env, failure.step));
  error.Set("isFatal", Napi::Boolean::New(env, failure.fatal));
  error.Set("isRetriable", Napi::Boolean::New(env, failure.retriable));
  error.Set("isTxnRequiresAbort", Napi::Boolean::New(env, failure.requiresAbort));
  if (failure.causeCode != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Napi::Object cause = Napi::Object::New(env);
    cause.Set("code", static_cast<int32_t>(failure.causeCode));
    cause.Set("text", failure.causeText);
    error.Set("fatalCause", cause);
  }
  if (!failure.refused.empty()) error.Set("refused", toArray(env, failure.refused));
  return error;
}

}  // namespace bridge
