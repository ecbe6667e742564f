// A thread of a client's own, so that what blocks holds up neither JavaScript nor libuv's pool.
#pragma once
#include <napi.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "courier.h"
#include "failure.h"

namespace bridge {

/** What a job came to: gives the value, or throws Napi::Error. Called once, on JavaScript's thread. */
using Outcome = std::function<Napi::Value(Napi::Env)>;
/** Settles the promise of a job; from any thread, once. */
using Settle = std::function<void(Outcome)>;
/** Runs on the worker's thread. What it captures is destroyed there. What it throws becomes a failure. */
using Job = std::function<Outcome()>;
/** A job whose outcome may come later, from another thread. It does not throw. */
using LongJob = std::function<void(Settle)>;

/**
 * Runs jobs one after the other. The thread is never joined: a call of librdkafka that does not come back would hold up whoever waits. It
 * ends by itself when it was told to stop and the job under way is over.
 */
class Worker {
 public:
  explicit Worker(std::shared_ptr<Courier> courier);
  ~Worker() { stop(); }
  Worker(const Worker &) = delete;
  Worker &operator=(const Worker &) = delete;

  /** On JavaScript's thread: a promise of the job's outcome; rejected with "closed" when the worker stops before the job begins. */
  Napi::Promise run(Napi::Env env, Job job);
  Napi::Promise runLong(Napi::Env env, LongJob job);
  /** Jobs that did not begin are rejected. Idempotent. */
  void stop();

 private:
  struct Task {
    LongJob job;
    Settle settle;
  };
  struct State {
    std::shared_ptr<Courier> courier;
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> tasks;
    bool stopped = false;
  };
  static void loop(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

/** The outcome that is a failure. */
Outcome failed(Failure failure);

/** The outcome of what was asked of a client that is closed. */
Outcome closed();

}  // namespace bridge
