#include "courier.h"

namespace bridge {

namespace {

/**
 * A listener's own error is uncaught, as anywhere in JavaScript. In a worker thread that is being terminated nothing of JavaScript can be
 * called any more, and each attempt throws: then there is nobody left to tell, and an exception that goes further would end the process.
 */
void uncaught(Napi::Env env, const Napi::Error &error) {
  try {
    napi_fatal_exception(env, error.Value());
  } catch (const Napi::Error &) {
  }
}

}  // namespace

std::shared_ptr<Courier> Courier::start(Napi::Env env, Napi::Function listener) {
  auto courier = std::make_shared<Courier>();
  auto *line = new std::shared_ptr<Line>(courier->line_);
  // The finalizer comes with the end of the environment, or after Release.
  courier->function_ = Napi::ThreadSafeFunction::New(env, listener, "bridge", 0, 1, [line](Napi::Env) {
    {
      const std::lock_guard<std::mutex> lock((*line)->mutex);
      (*line)->silent = true;
    }
    delete line;
  });
  courier->function_.Unref(env);
  return courier;
}

Courier::~Courier() {
  const std::lock_guard<std::mutex> lock(line_->mutex);
  if (!line_->silent && function_) function_.Release();
}

void Courier::carry(Errand errand) {
  const std::lock_guard<std::mutex> lock(line_->mutex);
  if (line_->silent) return;
  auto *parcel = new Errand(std::move(errand));
  const napi_status status = function_.NonBlockingCall(parcel, [](Napi::Env env, Napi::Function listener, Errand *parcel) {
    const std::unique_ptr<Errand> owned(parcel);
    if (env == nullptr) return;
    try {
      (*owned)(env, listener);
    } catch (const Napi::Error &error) {
      uncaught(env, error);
    }
  });
  if (status == napi_ok) return;
  delete parcel;
  line_->silent = true;
}

void Courier::await(Napi::Env env) {
  if (awaited_++ == 0) function_.Ref(env);
}

void Courier::answered(Napi::Env env) {
  if (--awaited_ == 0) function_.Unref(env);
}

}  // namespace bridge
