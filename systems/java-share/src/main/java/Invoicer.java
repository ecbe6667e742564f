import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes an invoice for each order; accepts the order when the broker has acknowledged its invoice. */
public final class Invoicer {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws ExecutionException, InterruptedException {
    String group = System.getenv("GROUP");
    Properties common = new Properties();
    common.put("bootstrap.servers", System.getenv("KAFKA_BROKERS"));
    beginAtTheBeginning(common, group);
    Properties reading = new Properties();
    common.forEach(reading::put);
    reading.put("group.id", group);
    reading.put("share.acknowledgement.mode", "explicit");
    var consumer = new KafkaShareConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          byte[] invoice = invoiceFor(record.value());
          if (invoice != null) sent.add(producer.send(new ProducerRecord<>(System.getenv("INVOICES"), record.key(), invoice)));
          // Told to the broker by commitSync alone.
          consumer.acknowledge(record, invoice == null ? AcknowledgeType.REJECT : AcknowledgeType.ACCEPT);
        }
        for (var one : sent) one.get();
        // What came too late is not accepted: the order goes to another worker, and is invoiced again.
        consumer.commitSync();
      }
    } catch (WakeupException e) {
      System.out.println("asked to stop");
    }
  }

  /** A share group begins at the end of its topics unless it is told otherwise. */
  private static void beginAtTheBeginning(Properties common, String group) throws ExecutionException, InterruptedException {
    var earliest = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
    try (var admin = Admin.create(common)) {
      admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(earliest))).all().get();
    }
  }

  /** @return null where it is no order */
  private static byte[] invoiceFor(byte[] order) {
    try {
      JsonNode read = JSON.readTree(order);
      int total = 0;
      for (JsonNode item : read.required("items")) total += item.required("qty").asInt() * item.required("price").asInt();
      return JSON.writeValueAsBytes(JSON.createObjectNode().put("orderId", read.required("orderId").asText()).put("total", total));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
