// One librdkafka client and the thread that takes its events.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "courier.h"
#include "options.h"
#include "rdkafka.h"

namespace bridge {

/** Called on the thread of events, with an event that stays librdkafka's. */
using OnEvent = std::function<void(rd_kafka_t *, rd_kafka_event_t *)>;

/**
 * Owns the rd_kafka_t and its queues. Held by shared_ptr: by the wrapper that JavaScript sees and by each job under way. Destroyed with its
 * last holder, which blocks: `Life` sees to it that this is never JavaScript's thread.
 */
class Handle {
 public:
  /**
   * @param opaque what librdkafka's callbacks get; it must live as long as this
   * @throws Napi::Error where librdkafka refuses the configuration
   */
  static std::shared_ptr<Handle> open(Napi::Env env, rd_kafka_type_t type, Conf conf, int events, OnEvent onEvent);
  ~Handle();
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;

  rd_kafka_t *rk() const { return rk_; }
  /** The queue of a consumer's records and rebalances; nullptr for a producer. */
  rd_kafka_queue_t *records() const { return records_; }

 private:
  Handle(rd_kafka_t *rk, bool consumer, OnEvent onEvent);
  void takeEvents(const OnEvent &onEvent);

  rd_kafka_t *rk_;
  rd_kafka_queue_t *main_;
  rd_kafka_queue_t *records_ = nullptr;
  std::atomic<bool> ending_{false};
  std::thread events_;
};

/** Tells JavaScript of a line of librdkafka's log or an error of the client as a whole. False for any other event. */
bool tellNotice(const std::shared_ptr<Courier> &courier, rd_kafka_event_t *event, rd_kafka_t *rk);

}  // namespace bridge
