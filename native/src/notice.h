// A line of librdkafka's log, or an error of a client as a whole, on its way to JavaScript.
#pragma once
#include <napi.h>

#include <memory>
#include <string>

#include "courier.h"

namespace bridge {

struct Notice {
  bool isError = false;
  bool fatal = false;
  /** Of a log line, as in syslog. */
  int level = 3;
  int code = 0;
  std::string facility;
  std::string text;
};

/** From any thread: calls the client's listener with { kind, level, code, isFatal, facility, text }. */
void tell(const std::shared_ptr<Courier> &courier, Notice notice);

}  // namespace bridge
