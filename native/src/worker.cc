#include "worker.h"

#include <exception>
#include <thread>

namespace bridge {

Worker::Worker(std::shared_ptr<Courier> courier) : state_(std::make_shared<State>()) {
  state_->courier = std::move(courier);
  std::thread(loop, state_).detach();
}

Napi::Promise Worker::run(Napi::Env env, Job job) {
  return runLong(env, [job = std::move(job)](const Settle &settle) {
    Outcome outcome;
    try {
      outcome = job();
    } catch (const std::exception &error) {
      outcome = failed(failureOf(nullptr, RD_KAFKA_RESP_ERR__FAIL, "", error.what()));
    }
    settle(std::move(outcome));
  });
}

Napi::Promise Worker::runLong(Napi::Env env, LongJob job) {
  const auto promise = Napi::Promise::Deferred::New(env);
  const auto courier = state_->courier;
  courier->await(env);
  Settle settle = [courier, promise](Outcome outcome) {
    courier->carry([courier, promise, outcome = std::move(outcome)](Napi::Env env, const Napi::Function &) {
      const Napi::HandleScope scope(env);
      courier->answered(env);
      try {
        promise.Resolve(outcome(env));
      } catch (const Napi::Error &error) {
        promise.Reject(error.Value());
      }
    });
  };
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    if (!state_->stopped) {
      state_->tasks.push_back({std::move(job), std::move(settle)});
      state_->wake.notify_one();
      return promise.Promise();
    }
  }
  settle(closed());
  return promise.Promise();
}

void Worker::stop() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->stopped = true;
  state_->wake.notify_one();
}

void Worker::loop(std::shared_ptr<State> state) {
  for (;;) {
    std::unique_lock<std::mutex> lock(state->mutex);
    state->wake.wait(lock, [&] { return state->stopped || !state->tasks.empty(); });
    if (state->tasks.empty()) return;
    Task task = std::move(state->tasks.front());
    state->tasks.pop_front();
    const bool stopped = state->stopped;
    lock.unlock();
    if (stopped) task.settle(closed());
    else task.job(std::move(task.settle));
  }
}

Outcome failed(Failure failure) {
  return [failure = std::move(failure)](Napi::Env env) -> Napi::Value { throw toError(env, failure); };
}

Outcome closed() { return failed(failureOf(nullptr, RD_KAFKA_RESP_ERR__DESTROY, "", "the client is closed")); }

}  // namespace bridge
