package replayground.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;

/** The jobs of inventory-service (decide) and analytics-service (view) as Kafka Streams programs: exactly once, de-duplicated by order id. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException, IOException {
    Map<String, String> options = options(args);
    boolean isView = option(options, "job").equals("view");
    KafkaStreams streams = new KafkaStreams(isView ? viewTopology(options) : decideTopology(options), settings(options));
    if (isView) TotalsServer.start(streams, Integer.parseInt(option(options, "port")));
    CountDownLatch over = new CountDownLatch(1);
    streams.setUncaughtExceptionHandler(
        error -> {
          System.err.println("peer: " + error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.RUNNING) System.out.println("RUNNING");
          if (now == KafkaStreams.State.ERROR) over.countDown();
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(30))));
    streams.start();
    over.await();
    System.exit(1);
  }

  private static Topology decideTopology(Map<String, String> options) {
    String seed = option(options, "seed");
    double failRate = Double.parseDouble(option(options, "fail-rate"));
    Serde<byte[]> bytes = Serdes.ByteArray();
    return new Topology()
        .addSource("orders", bytes.deserializer(), bytes.deserializer(), option(options, "orders-topic"))
        .addProcessor("decide", () -> new DecideOrders(seed, failRate), "orders")
        .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(DecideOrders.STORE), bytes, bytes), "decide")
        .addSink(DecideOrders.DECISIONS, option(options, "inventory-topic"), bytes.serializer(), bytes.serializer(), "decide")
        .addSink(DecideOrders.DEAD_LETTERS, option(options, "orders-topic") + ".dlq", bytes.serializer(), bytes.serializer(), "decide");
  }

  /** One sub-topology reads both topics: partition p of each is one task, as both have the order id as their key. */
  private static Topology viewTopology(Map<String, String> options) {
    Serde<byte[]> bytes = Serdes.ByteArray();
    String orders = option(options, "orders-topic");
    String inventory = option(options, "inventory-topic");
    return new Topology()
        .addSource("orders", bytes.deserializer(), bytes.deserializer(), orders)
        .addSource("inventory", bytes.deserializer(), bytes.deserializer(), inventory)
        .addProcessor("view", () -> new KeepView(orders), "orders", "inventory")
        .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(KeepView.ORDERS), bytes, bytes), "view")
        .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(KeepView.OUTCOMES), bytes, bytes), "view")
        .addStateStore(
            Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(KeepView.TOTALS), Serdes.String(), Serdes.Long())
                .withCachingEnabled(),
            "view");
  }

  /** Streams' defaults (linger 100 ms in a transaction among them), with the producer batching and compressing for throughput. */
  private static Properties settings(Map<String, String> options) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, option(options, "brokers"));
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, option(options, "application-id"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, option(options, "state-dir"));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, option(options, "threads"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
    return settings;
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) options.put(args[i].substring(2), args[i + 1]);
    return options;
  }

  private static String option(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) throw new IllegalArgumentException("--" + name + " is missing");
    return value;
  }
}
