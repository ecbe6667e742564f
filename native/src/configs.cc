#include "configs.h"

#include <memory>

#include "life.h"

namespace bridge {

namespace {

struct Config {
  std::string name;
  /** Kafka does not tell what is secret. */
  bool hasValue;
  std::string value;
  std::string source;
};

struct TopicConfigs {
  std::string topic;
  rd_kafka_resp_err_t code;
  std::string text;
  std::vector<Config> configs;
};

/** librdkafka's objects of one question, given back at the end of the scope. */
class Question {
 public:
  Question(rd_kafka_t *rk, rd_kafka_admin_op_t kind) : options(rd_kafka_AdminOptions_new(rk, kind)), queue(rd_kafka_queue_new(rk)) {}
  ~Question() {
    if (event) rd_kafka_event_destroy(event);
    rd_kafka_ConfigResource_destroy_array(resources.data(), resources.size());
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
  }
  Question(const Question &) = delete;
  Question &operator=(const Question &) = delete;

  rd_kafka_ConfigResource_t *ask(rd_kafka_ResourceType_t type, const std::string &name) {
    resources.push_back(rd_kafka_ConfigResource_new(type, name.c_str()));
    return resources.back();
  }
  Failure within(int timeoutMs, const char *step) {
    char text[512];
    const rd_kafka_resp_err_t refused = rd_kafka_AdminOptions_set_request_timeout(options, timeoutMs, text, sizeof text);
    return failureOf(nullptr, refused, step, text);
  }
  /** It answers in time, by an error if need be. */
  Failure answer(rd_kafka_t *rk, const char *step) {
    event = rd_kafka_queue_poll(queue, -1);
    return failureOf(rk, rd_kafka_event_error(event), step, rd_kafka_event_error_string(event));
  }

  rd_kafka_AdminOptions_t *options;
  rd_kafka_queue_t *queue;
  std::vector<rd_kafka_ConfigResource_t *> resources;
  rd_kafka_event_t *event = nullptr;
};

TopicConfigs read(const rd_kafka_ConfigResource_t *resource) {
  const char *text = rd_kafka_ConfigResource_error_string(resource);
  TopicConfigs found{rd_kafka_ConfigResource_name(resource), rd_kafka_ConfigResource_error(resource), text ? text : "", {}};
  size_t count = 0;
  const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
  for (size_t i = 0; i < count; i++) {
    const char *value = rd_kafka_ConfigEntry_value(entries[i]);
    found.configs.push_back({rd_kafka_ConfigEntry_name(entries[i]), value != nullptr, value ? value : "",
                             rd_kafka_ConfigSource_name(rd_kafka_ConfigEntry_source(entries[i]))});
  }
  return found;
}

Napi::Value toArray(Napi::Env env, const std::vector<TopicConfigs> &all) {
  Napi::Array topics = Napi::Array::New(env, all.size());
  for (uint32_t i = 0; i < all.size(); i++) {
    Napi::Object topic = Napi::Object::New(env);
    topic.Set("topic", all[i].topic);
    if (all[i].code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      topic.Set("code", static_cast<int32_t>(all[i].code));
      topic.Set("text", all[i].text);
    }
    Napi::Array configs = Napi::Array::New(env, all[i].configs.size());
    for (uint32_t j = 0; j < all[i].configs.size(); j++) {
      const Config &from = all[i].configs[j];
      Napi::Object config = Napi::Object::New(env);
      config.Set("name", from.name);
      config.Set("value", from.hasValue ? Napi::Value(Napi::String::New(env, from.value)) : env.Null());
      config.Set("source", from.source);
      configs.Set(j, config);
    }
    topic.Set("configs", configs);
    topics.Set(i, topic);
  }
  return topics;
}

}  // namespace

Outcome topicConfigsOf(rd_kafka_t *rk, const std::vector<std::string> &topics, int timeoutMs) {
  const char *step = "describe how topics are configured";
  Question question(rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  for (const std::string &topic : topics) question.ask(RD_KAFKA_RESOURCE_TOPIC, topic);
  if (Failure refused = question.within(timeoutMs, step)) return failed(std::move(refused));
  rd_kafka_DescribeConfigs(rk, question.resources.data(), question.resources.size(), question.options, question.queue);
  if (Failure failure = question.answer(rk, step)) return failed(std::move(failure));
  size_t count = 0;
  const rd_kafka_ConfigResource_t **resources =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(question.event), &count);
  std::vector<TopicConfigs> found;
  for (size_t i = 0; i < count; i++) found.push_back(read(resources[i]));
  return [found = std::move(found)](Napi::Env env) { return toArray(env, found); };
}

Outcome setGroupConfigs(rd_kafka_t *rk, const std::string &group, const std::vector<std::string> &namesAndValues, int timeoutMs) {
  const char *step = "configure a group";
  Question question(rk, RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS);
  rd_kafka_ConfigResource_t *resource = question.ask(RD_KAFKA_RESOURCE_GROUP, group);
  for (size_t i = 0; i + 1 < namesAndValues.size(); i += 2) {
    rd_kafka_error_t *error = rd_kafka_ConfigResource_add_incremental_config(resource, namesAndValues[i].c_str(), RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET,
                                                                             namesAndValues[i + 1].c_str());
    if (error) return failed(failureOf(nullptr, error, step));
  }
  if (Failure refused = question.within(timeoutMs, step)) return failed(std::move(refused));
  rd_kafka_IncrementalAlterConfigs(rk, question.resources.data(), question.resources.size(), question.options, question.queue);
  if (Failure failure = question.answer(rk, step)) return failed(std::move(failure));
  size_t count = 0;
  const rd_kafka_ConfigResource_t **resources =
      rd_kafka_IncrementalAlterConfigs_result_resources(rd_kafka_event_IncrementalAlterConfigs_result(question.event), &count);
  if (count != 1) return nothing(failureOf(nullptr, RD_KAFKA_RESP_ERR__BAD_MSG, step));
  return nothing(failureOf(nullptr, rd_kafka_ConfigResource_error(resources[0]), step, rd_kafka_ConfigResource_error_string(resources[0])));
}

}  // namespace bridge
