import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes an invoice for each order; commits when the broker has acknowledged them all. */
public final class Invoicer {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws InterruptedException {
    Properties common = new Properties();
    common.put("bootstrap.servers", System.getenv("KAFKA_BROKERS"));
    Properties reading = new Properties();
    common.forEach(reading::put);
    reading.put("group.id", System.getenv("GROUP"));
    reading.put("enable.auto.commit", "false");
    reading.put("auto.offset.reset", "earliest");
    // A dead member's partitions go to another after so long (the default is 45 s).
    reading.put("session.timeout.ms", "6000");
    reading.put("heartbeat.interval.ms", "1500");
    var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    var producer = new KafkaProducer<>(common, new ByteArraySerializer(), new ByteArraySerializer());
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      consumer.wakeup();
      try {
        main.join(7000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }));
    try (consumer; producer) {
      consumer.subscribe(List.of(System.getenv("ORDERS")));
      while (true) {
        for (var record : consumer.poll(Duration.ofMillis(200))) producer.send(answerTo(record));
        producer.flush();
        consumer.commitSync();
      }
    } catch (WakeupException e) {
      System.out.println("asked to stop");
    }
  }

  private static ProducerRecord<byte[], byte[]> answerTo(ConsumerRecord<byte[], byte[]> record) {
    try {
      JsonNode order = JSON.readTree(record.value());
      int total = 0;
      for (JsonNode item : order.required("items")) total += item.required("qty").asInt() * item.required("price").asInt();
      var invoice = JSON.createObjectNode().put("orderId", order.required("orderId").asText()).put("total", total);
      return new ProducerRecord<>(System.getenv("INVOICES"), record.key(), JSON.writeValueAsBytes(invoice));
    } catch (IOException | IllegalArgumentException e) {
      return new ProducerRecord<>(System.getenv("DEAD_LETTERS"), record.key(), record.value());
    }
  }
}
