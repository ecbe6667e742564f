#include "notice.h"

#include <utility>

namespace bridge {

namespace {

Napi::Object toObject(Napi::Env env, const Notice &notice) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", notice.isError ? "error" : "log");
  object.Set("level", notice.level);
  object.Set("code", notice.code);
  object.Set("isFatal", notice.fatal);
  object.Set("facility", notice.facility);
  object.Set("text", notice.text);
  return object;
}

}  // namespace

void tell(const std::shared_ptr<Courier> &courier, Notice notice) {
  courier->carry([notice = std::move(notice)](Napi::Env env, const Napi::Function &listener) {
    const Napi::HandleScope scope(env);
    listener.Call({toObject(env, notice)});
  });
}

}  // namespace bridge
