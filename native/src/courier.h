// The way from any thread back to the one of JavaScript.
#pragma once
#include <napi.h>

#include <functional>
#include <memory>
#include <mutex>

namespace bridge {

/**
 * Shared by all threads of one client. While answers are awaited it keeps the event loop alive, else it does not. When its environment
 * ends (the process or a worker thread), it falls silent: what is carried later is dropped on the spot.
 */
class Courier {
 public:
  /** Gets the client's listener for notices as well. */
  using Errand = std::function<void(Napi::Env, Napi::Function listener)>;

  /** On JavaScript's thread. */
  static std::shared_ptr<Courier> start(Napi::Env env, Napi::Function listener);
  ~Courier();

  /** From any thread: runs the errand on JavaScript's. */
  void carry(Errand errand);
  /** On JavaScript's thread: one more answer is awaited, or one less. */
  void await(Napi::Env env);
  void answered(Napi::Env env);

 private:
  /** Shared with the function's finalizer. Once it is silent, the function is gone, or about to be: it must not be touched. */
  struct Line {
    std::mutex mutex;
    bool silent = false;
  };
  std::shared_ptr<Line> line_ = std::make_shared<Line>();
  Napi::ThreadSafeFunction function_;
  int awaited_ = 0;
};

}  // namespace bridge
