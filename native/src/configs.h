// What the client for Node does not know of an admin client: how topics are configured, and how a group is to be.
#pragma once
#include <string>
#include <vector>

#include "worker.h"

namespace bridge {

/** One answer per topic, in their order: { topic, code?, text?, configs: { name, value (null: secret), source }[] }. */
Outcome topicConfigsOf(rd_kafka_t *rk, const std::vector<std::string> &topics, int timeoutMs);

/** Sets configurations of a group, and leaves its others. @param namesAndValues name, value, name, value, ... */
Outcome setGroupConfigs(rd_kafka_t *rk, const std::string &group, const std::vector<std::string> &namesAndValues, int timeoutMs);

}  // namespace bridge
