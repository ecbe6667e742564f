// The producer that JavaScript sees.
#pragma once
#include <napi.h>

#include "handle.h"
#include "life.h"
#include "outgoing.h"
#include "reports.h"

namespace bridge {

/** What the threads of one producer share; outlives the wrapper while a job is under way. */
struct ProducerState {
  ~ProducerState() {
    for (rd_kafka_topic_t *topic : topics) rd_kafka_topic_destroy(topic);
  }
  std::shared_ptr<Courier> courier;
  /** Only grown on JavaScript's thread; a job has a copy. */
  std::vector<rd_kafka_topic_t *> topics;
  Reports reports;
  /** Last, so that it is destroyed first: its callbacks use the rest. */
  std::shared_ptr<Handle> handle;
};

/**
 * new Producer(config, { isMainThread }, onNotice). Sends and commits on one thread of its own, in the order of the calls; asks for metadata
 * and configurations on another. What each method takes is in src/kafka/bridge/load.ts.
 */
class Producer : public Napi::ObjectWrap<Producer> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit Producer(const Napi::CallbackInfo &info);

 private:
  Napi::Value topic(const Napi::CallbackInfo &info);
  Napi::Value produce(const Napi::CallbackInfo &info);
  Napi::Value send(const Napi::CallbackInfo &info);
  Napi::Value transact(const Napi::CallbackInfo &info);
  Napi::Value sendOffsets(const Napi::CallbackInfo &info);
  Napi::Value step(const Napi::CallbackInfo &info);
  Napi::Value metadata(const Napi::CallbackInfo &info);
  Napi::Value topicConfigs(const Napi::CallbackInfo &info);
  Napi::Value setGroupConfigs(const Napi::CallbackInfo &info);
  Napi::Value close(const Napi::CallbackInfo &info);

  std::unique_ptr<Life<ProducerState>> life_;
};

}  // namespace bridge
