#include "handle.h"

#include "failure.h"
#include "notice.h"

namespace bridge {

namespace {
/** How often the thread of events looks whether it is over, should the wake-up have come between two looks (ms). */
constexpr int lookMs = 500;

}  // namespace

std::shared_ptr<Handle> Handle::open(Napi::Env env, rd_kafka_type_t type, Conf conf, int events, OnEvent onEvent) {
  rd_kafka_conf_set_events(conf.get(), events | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_ERROR);
  rd_kafka_conf_set(conf.get(), "log.queue", "true", nullptr, 0);
  char text[512];
  rd_kafka_t *rk = rd_kafka_new(type, conf.get(), text, sizeof text);
  if (!rk) throw toError(env, failureOf(nullptr, rd_kafka_last_error(), "create the client", text));
  conf.release();
  return std::shared_ptr<Handle>(new Handle(rk, type == RD_KAFKA_CONSUMER, std::move(onEvent)));
}

Handle::Handle(rd_kafka_t *rk, bool consumer, OnEvent onEvent) : rk_(rk), main_(rd_kafka_queue_get_main(rk)) {
  if (consumer) records_ = rd_kafka_queue_get_consumer(rk);
  rd_kafka_set_log_queue(rk, nullptr);
  events_ = std::thread([this, onEvent = std::move(onEvent)] { takeEvents(onEvent); });
}

Handle::~Handle() {
  ending_ = true;
  rd_kafka_queue_yield(main_);
  events_.join();
  if (records_) rd_kafka_queue_destroy(records_);
  rd_kafka_queue_destroy(main_);
  rd_kafka_destroy_flags(rk_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void Handle::takeEvents(const OnEvent &onEvent) {
  while (!ending_) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(main_, lookMs);
    if (!event) continue;
    onEvent(rk_, event);
    rd_kafka_event_destroy(event);
  }
}

bool tellNotice(const std::shared_ptr<Courier> &courier, rd_kafka_event_t *event, rd_kafka_t *rk) {
  Notice notice;
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_LOG: {
      const char *facility = "";
      const char *text = "";
      if (rd_kafka_event_log(event, &facility, &text, &notice.level) != 0) return true;
      notice.facility = facility;
      notice.text = text;
      break;
    }
    case RD_KAFKA_EVENT_ERROR: {
      char cause[512];
      notice.isError = true;
      notice.fatal = rd_kafka_event_error_is_fatal(event) != 0;
      // The code of a fatal one only says that it is fatal.
      notice.code = notice.fatal ? rd_kafka_fatal_error(rk, cause, sizeof cause) : rd_kafka_event_error(event);
      notice.text = notice.fatal ? cause : rd_kafka_event_error_string(event);
      break;
    }
    default:
      return false;
  }
  tell(courier, std::move(notice));
  return true;
}

}  // namespace bridge
