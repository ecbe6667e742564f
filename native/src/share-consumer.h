// The member of a share group (KIP-932) that JavaScript sees.
#pragma once
#include <napi.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "arena.h"
#include "courier.h"
#include "life.h"

namespace bridge {

/** A record that was handed out and is not acknowledged yet. */
struct Delivered {
  std::string topic;
  int32_t partition;
  int64_t offset;
};

/** What the jobs of one share consumer share; all but the flags is used by the one thread that runs them. */
struct ShareState {
  ~ShareState();

  std::shared_ptr<Courier> courier;
  bool withHeaders = false;
  TopicNames topics;
  rd_kafka_share_t *share = nullptr;
  /** Of the batch handed out last, in its order; without a topic once acknowledged. */
  std::vector<Delivered> delivered;
  /** Records that could not be opened. */
  std::vector<Delivered> broken;
  std::atomic<bool> closing{false};
};

/**
 * new ShareConsumer(config, { headers, isMainThread }, onNotice). librdkafka allows one thread at a time per share consumer, so all calls are
 * done one after the other. What each method takes is in src/kafka/bridge/load.ts.
 */
class ShareConsumer : public Napi::ObjectWrap<ShareConsumer> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ShareConsumer(const Napi::CallbackInfo &info);

 private:
  Napi::Value subscribe(const Napi::CallbackInfo &info);
  Napi::Value poll(const Napi::CallbackInfo &info);
  Napi::Value acknowledge(const Napi::CallbackInfo &info);
  Napi::Value close(const Napi::CallbackInfo &info);

  std::unique_ptr<Life<ShareState>> life_;
};

}  // namespace bridge
