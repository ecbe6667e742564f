import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** Writes an invoice for each order, exactly once by Kafka's transactions. */
public final class Invoicer {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, System.getenv("GROUP"));
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("KAFKA_BROKERS"));
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getenv("LAB_STATE_DIR"));
    config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    // A dead member's partitions go to another after so long (the default is 45 s).
    config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), "6000");
    config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), "1500");

    var bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    var orders = builder.stream(System.getenv("ORDERS"), Consumed.with(bytes, bytes));
    orders
        .split()
        .branch(
            (key, value) -> invoiceFor(value).isPresent(),
            Branched.withConsumer(good -> good.mapValues(value -> invoiceFor(value).orElseThrow()).to(System.getenv("INVOICES"), Produced.with(bytes, bytes))))
        .defaultBranch(Branched.withConsumer(bad -> bad.to(System.getenv("DEAD_LETTERS"), Produced.with(bytes, bytes))));

    KafkaStreams streams = new KafkaStreams(builder.build(), config);
    streams.setUncaughtExceptionHandler(error -> StreamThreadExceptionResponse.REPLACE_THREAD);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(7))));
    streams.start();
  }

  private static Optional<byte[]> invoiceFor(byte[] value) {
    try {
      JsonNode order = JSON.readTree(value);
      int total = 0;
      for (JsonNode item : order.required("items")) total += item.required("qty").asInt() * item.required("price").asInt();
      return Optional.of(
          JSON.writeValueAsBytes(JSON.createObjectNode().put("orderId", order.required("orderId").asText()).put("total", total)));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
