#include "life.h"

namespace bridge {

Outcome metadataOf(rd_kafka_t *rk, const std::string &topic, int timeoutMs) {
  const rd_kafka_metadata_t *metadata = nullptr;
  rd_kafka_topic_t *one = topic.empty() ? nullptr : rd_kafka_topic_new(rk, topic.c_str(), nullptr);
  const rd_kafka_resp_err_t code = rd_kafka_metadata(rk, 0, one, &metadata, timeoutMs);
  if (one) rd_kafka_topic_destroy(one);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return nothing(failureOf(rk, code, "ask for metadata"));
  const int brokers = metadata->broker_cnt;
  int partitions = -1;
  if (one && metadata->topic_cnt == 1 && metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR) partitions = metadata->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  // Known by now: the broker has said it in the same answer.
  char *id = rd_kafka_clusterid(rk, 0);
  const std::string clusterId = id ? id : "";
  if (id) rd_kafka_mem_free(rk, id);
  return [brokers, partitions, clusterId](Napi::Env env) -> Napi::Value {
    Napi::Object found = Napi::Object::New(env);
    found.Set("brokers", brokers);
    found.Set("partitions", partitions);
    found.Set("clusterId", clusterId.empty() ? env.Null() : Napi::Value(Napi::String::New(env, clusterId)));
    return found;
  };
}

}  // namespace bridge
