// What JavaScript hands over, in librdkafka's form and back.
#pragma once
#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "rdkafka.h"

namespace bridge {

struct ConfDeleter {
  void operator()(rd_kafka_conf_t *conf) const { rd_kafka_conf_destroy(conf); }
};
/** Ours until rd_kafka_new takes it. */
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;

struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t *list) const { rd_kafka_topic_partition_list_destroy(list); }
};
/** Shared, since jobs are copyable. */
using List = std::shared_ptr<rd_kafka_topic_partition_list_t>;

/**
 * @param object names and values of librdkafka's configuration
 * @throws Napi::Error with librdkafka's words for a name or value that it refuses
 */
Conf toConf(Napi::Env env, const Napi::Value &object);

/**
 * @param array of { topic, partition, offset?, metadata? }
 * @throws Napi::TypeError for anything else
 */
List toList(Napi::Env env, const Napi::Value &array);

/** @returns an array of { topic, partition, offset, metadata?, code?, text? }; the last two where there was an error. */
Napi::Array toArray(Napi::Env env, const rd_kafka_topic_partition_list_t *list);

/** The argument as a number. @throws Napi::TypeError */
int64_t toNumber(Napi::Env env, const Napi::Value &value, const char *name);
std::string toText(Napi::Env env, const Napi::Value &value, const char *name);
std::vector<std::string> toTexts(Napi::Env env, const Napi::Value &array, const char *name);

}  // namespace bridge
