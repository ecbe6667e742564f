// The consumer that JavaScript sees.
#pragma once
#include <napi.h>

#include "arena.h"
#include "handle.h"
#include "life.h"

namespace bridge {

/** A step of a rebalance that librdkafka waits for. */
struct Rebalance {
  bool assign;
  bool lost;
  std::string protocol;
  List partitions;
};

/** What the threads of one consumer share; outlives the wrapper while a job is under way. */
struct ConsumerState {
  std::shared_ptr<Courier> courier;
  bool withHeaders = false;
  /** Only used by the thread that reads. */
  TopicNames topics;
  std::mutex mutex;
  /** Steps that were not handed to JavaScript yet. */
  std::vector<Rebalance> rebalances;
  std::atomic<bool> woken{false};
  std::atomic<bool> closing{false};
  /** Last, so that it is destroyed first: its callbacks use the rest. */
  std::shared_ptr<Handle> handle;
};

/**
 * new Consumer(config, { headers, isMainThread }, onNotice). Reads on one thread of its own and asks (commits, offsets, assignment) on
 * another, so that a commit need not wait for a read that waits for records. What each method takes is in src/kafka/bridge/load.ts.
 */
class Consumer : public Napi::ObjectWrap<Consumer> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit Consumer(const Napi::CallbackInfo &info);

  /** Of a consumer that is an argument, for the group metadata of a transaction. @throws Napi::Error for anything else, and once closed */
  static std::shared_ptr<ConsumerState> stateOf(Napi::Env env, const Napi::Value &value);

 private:
  Napi::Value subscribe(const Napi::CallbackInfo &info);
  Napi::Value consume(const Napi::CallbackInfo &info);
  Napi::Value wake(const Napi::CallbackInfo &info);
  Napi::Value assign(const Napi::CallbackInfo &info);
  Napi::Value withPartitions(const Napi::CallbackInfo &info);
  Napi::Value watermarks(const Napi::CallbackInfo &info);
  Napi::Value metadata(const Napi::CallbackInfo &info);
  Napi::Value close(const Napi::CallbackInfo &info);

  std::unique_ptr<Life<ConsumerState>> life_;
};

}  // namespace bridge
