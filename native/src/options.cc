#include "options.h"

#include "failure.h"

namespace bridge {

Conf toConf(Napi::Env env, const Napi::Value &object) {
  if (!object.IsObject()) throw Napi::TypeError::New(env, "the configuration must be an object");
  Conf conf(rd_kafka_conf_new());
  const Napi::Object values = object.As<Napi::Object>();
  const Napi::Array names = values.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = names.Get(i).ToString();
    const Napi::Value given = values.Get(name);
    if (!given.IsString() && !given.IsNumber() && !given.IsBoolean())
      throw Napi::TypeError::New(env, "the configuration property \"" + name + "\" must be a string, a number or a boolean");
    const std::string value = given.ToString();
    char text[512];
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), text, sizeof text) != RD_KAFKA_CONF_OK)
      throw toError(env, failureOf(nullptr, RD_KAFKA_RESP_ERR__INVALID_ARG, "configure the client", text));
  }
  return conf;
}

List toList(Napi::Env env, const Napi::Value &array) {
  if (!array.IsArray()) throw Napi::TypeError::New(env, "partitions must be an array");
  const Napi::Array items = array.As<Napi::Array>();
  List list(rd_kafka_topic_partition_list_new(static_cast<int>(items.Length())), ListDeleter());
  for (uint32_t i = 0; i < items.Length(); i++) {
    const Napi::Value item = items.Get(i);
    if (!item.IsObject()) throw Napi::TypeError::New(env, "a partition must be an object with topic and partition");
    const Napi::Object object = item.As<Napi::Object>();
    const std::string topic = toText(env, object.Get("topic"), "topic");
    const auto partition = static_cast<int32_t>(toNumber(env, object.Get("partition"), "partition"));
    rd_kafka_topic_partition_t *one = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
    const Napi::Value offset = object.Get("offset");
    one->offset = offset.IsUndefined() ? RD_KAFKA_OFFSET_INVALID : toNumber(env, offset, "offset");
    const Napi::Value metadata = object.Get("metadata");
    if (metadata.IsString()) {
      const std::string text = metadata.As<Napi::String>();
      // librdkafka frees it with the list, by free().
      one->metadata = malloc(text.size() + 1);
      memcpy(one->metadata, text.c_str(), text.size() + 1);
      one->metadata_size = text.size();
    }
  }
  return list;
}

Napi::Array toArray(Napi::Env env, const rd_kafka_topic_partition_list_t *list) {
  Napi::Array array = Napi::Array::New(env, static_cast<size_t>(list->cnt));
  for (int i = 0; i < list->cnt; i++) {
    const rd_kafka_topic_partition_t &from = list->elems[i];
    Napi::Object one = Napi::Object::New(env);
    one.Set("topic", from.topic);
    one.Set("partition", from.partition);
    one.Set("offset", static_cast<double>(from.offset));
    if (from.metadata_size > 0)
      one.Set("metadata", Napi::String::New(env, static_cast<const char *>(from.metadata), from.metadata_size));
    if (from.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      one.Set("code", static_cast<int32_t>(from.err));
      one.Set("text", rd_kafka_err2str(from.err));
    }
    array.Set(static_cast<uint32_t>(i), one);
  }
  return array;
}

int64_t toNumber(Napi::Env env, const Napi::Value &value, const char *name) {
  if (!value.IsNumber()) throw Napi::TypeError::New(env, std::string(name) + " must be a number");
  return value.As<Napi::Number>().Int64Value();
}

std::string toText(Napi::Env env, const Napi::Value &value, const char *name) {
  if (!value.IsString()) throw Napi::TypeError::New(env, std::string(name) + " must be a string");
  return value.As<Napi::String>();
}

std::vector<std::string> toTexts(Napi::Env env, const Napi::Value &array, const char *name) {
  if (!array.IsArray()) throw Napi::TypeError::New(env, std::string(name) + " must be an array");
  const auto list = array.As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < list.Length(); i++) texts.push_back(toText(env, list.Get(i), name));
  return texts;
}

}  // namespace bridge
