// An error of librdkafka on its way to JavaScript.
#pragma once
#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "rdkafka.h"

namespace bridge {

/** Why one record of a batch is not in the log. */
struct Refused {
  uint32_t index;
  rd_kafka_resp_err_t code;
};

/** Plain data: made on any thread, turned into an Error on JavaScript's. */
struct Failure {
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text;
  /** Which step of several: "commit the transaction". */
  std::string step;
  bool fatal = false;
  bool retriable = false;
  bool requiresAbort = false;
  /** The error behind "Local: Fatal error", when there is one. */
  rd_kafka_resp_err_t causeCode = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string causeText;
  /** The records that were refused, at most some. */
  std::vector<Refused> refused;

  explicit operator bool() const { return code != RD_KAFKA_RESP_ERR_NO_ERROR; }
};

/** Takes the error over and frees it. nullptr gives "no failure". */
Failure failureOf(rd_kafka_t *rk, rd_kafka_error_t *error, const char *step);
Failure failureOf(rd_kafka_t *rk, rd_kafka_resp_err_t code, const char *step, const char *text = nullptr);

/** An Error with code, name, step, isFatal, isRetriable, isTxnRequiresAbort, and where there are any: fatalCause, refused. */
Napi::Error toError(Napi::Env env, const Failure &failure);

/** A list of { index, code, text }. */
Napi::Array toArray(Napi::Env env, const std::vector<Refused> &refused);

}  // namespace bridge
