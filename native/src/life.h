// From the first call to the end of a client, whichever way it ends.
#pragma once
#include <napi.h>

#include <memory>
#include <string>
#include <thread>

#include "worker.h"

namespace bridge {

/**
 * Holds a client's state and its two workers. It ends by `close`, when JavaScript lets go of the wrapper, or with the environment (the
 * process exits, a worker thread ends): idempotent, and never by waiting on JavaScript's thread. The state is destroyed where its last
 * holder is, at the earliest when no job uses it.
 */
template <class State>
class Life {
 public:
  Life(Napi::Env env, bool isMainThread, std::shared_ptr<State> state)
      : first(state->courier), second(state->courier), env_(env), isMainThread_(isMainThread), state_(std::move(state)) {
    napi_add_env_cleanup_hook(env_, onEnvironmentEnd, this);
  }
  ~Life() { end(); }
  Life(const Life &) = delete;
  Life &operator=(const Life &) = delete;

  /** @throws Napi::Error when it is closed or closing */
  std::shared_ptr<State> state(Napi::Env env) const {
    if (!state_ || closing_) closed()(env);
    return state_;
  }

  /** The last job: what waits to be asked is rejected, what is under way on `first` is waited for. */
  template <class Wrapper>
  Napi::Value close(Napi::Env env, Wrapper &wrapper, Job job) {
    closing_ = true;
    second.stop();
    wrapper.Ref();
    Job lastly = [this, &wrapper, job = std::move(job)]() -> Outcome {
      Outcome outcome = job();
      return [this, &wrapper, outcome](Napi::Env env) {
        end();
        wrapper.Unref();
        return outcome(env);
      };
    };
    return first.run(env, std::move(lastly));
  }

  Worker first;
  Worker second;

 private:
  static void onEnvironmentEnd(void *self) {
    auto *life = static_cast<Life *>(self);
    // The process ends with all of its threads. Destroying clients beside that could only hold it up.
    if (life->isMainThread_) new std::shared_ptr<State>(life->state_);
    life->end();
  }

  void end() {
    if (!state_) return;
    napi_remove_env_cleanup_hook(env_, onEnvironmentEnd, this);
    first.stop();
    second.stop();
    // Whoever lets go last waits for librdkafka's threads.
    std::thread([state = std::move(state_)]() mutable { state.reset(); }).detach();
    state_ = nullptr;
  }

  napi_env env_;
  bool isMainThread_;
  bool closing_ = false;
  std::shared_ptr<State> state_;
};

/** undefined, or the failure. */
inline Outcome nothing(Failure failure) {
  if (failure) return failed(std::move(failure));
  return [](Napi::Env env) { return env.Undefined(); };
}

/** (topic or null, timeoutMs): { brokers, partitions, clusterId }; of the cluster, and of the topic: -1 where the broker has none of that name. */
Outcome metadataOf(rd_kafka_t *rk, const std::string &topic, int timeoutMs);

template <class State>
Napi::Value askMetadata(const Napi::CallbackInfo &info, Worker &worker, std::shared_ptr<State> state) {
  const std::string topic = info[0].IsString() ? std::string(info[0].As<Napi::String>()) : "";
  const int timeoutMs = info[1].ToNumber();
  return worker.run(info.Env(), [state = std::move(state), topic, timeoutMs] { return metadataOf(state->handle->rk(), topic, timeoutMs); });
}

}  // namespace bridge
