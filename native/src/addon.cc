// What the addon gives to src/kafka/bridge/load.ts: three classes and librdkafka's version. There is no state beside their instances, so that
// it can be loaded by any number of worker threads.
#include <dlfcn.h>
#include <napi.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "consumer.h"
#include "producer.h"
#include "share-consumer.h"

namespace bridge {

namespace {

/** A worker thread's end unloads its addons, but our threads outlive it by a moment: their code must stay. */
void stayLoaded() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void *>(stayLoaded), &info) != 0) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

/**
 * Records are allocated by one thread and freed by another. glibc gives each of them a heap of its own, which keeps what was freed: 30 to 70 MB
 * more for a service under load, and blocks of whole batches among it. Two heaps, and blocks that go back to the system, cost no time that shows.
 */
void boundHeaps() {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  stayLoaded();
  boundHeaps();
  char features[512] = "";
  size_t size = sizeof features;
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  rd_kafka_conf_get(conf, "builtin.features", features, &size);
  rd_kafka_conf_destroy(conf);
  exports.Set("Consumer", Consumer::define(env));
  exports.Set("Producer", Producer::define(env));
  exports.Set("ShareConsumer", ShareConsumer::define(env));
  exports.Set("librdkafkaVersion", rd_kafka_version_str());
  exports.Set("features", features);
  return exports;
}

}  // namespace

}  // namespace bridge

static Napi::Object Init(Napi::Env env, Napi::Object exports) { return bridge::init(env, exports); }
NODE_API_MODULE(bridge, Init)
