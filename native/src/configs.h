// How topics are configured: the one question of an admin client that the client for Node does not know.
#pragma once
#include <string>
#include <vector>

#include "worker.h"

namespace bridge {

/** One answer per topic, in their order: { topic, code?, text?, configs: { name, value (null: secret), source }[] }. */
Outcome topicConfigsOf(rd_kafka_t *rk, const std::vector<std::string> &topics, int timeoutMs);

}  // namespace bridge
