package replayground.peer;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/** Decides each order once: a repeated id is skipped, an unreadable record goes to the dead letters. */
final class DecideOrders implements Processor<byte[], byte[], byte[], byte[]> {
  static final String STORE = "decided-orders";
  static final String DECISIONS = "inventory-events";
  static final String DEAD_LETTERS = "dead-letters";

  private final Decision.Maker maker;
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<byte[], byte[]> decided;

  DecideOrders(String seed, double failRate) {
    this.maker = new Decision.Maker(seed, failRate);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.decided = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata source = context.recordMetadata().orElseThrow();
    Order order;
    try {
      order = Order.read(record.key(), record.value());
    } catch (Order.Unreadable e) {
      context.forward(record.withHeaders(deadLetterHeaders(record.headers(), source, e.getMessage())), DEAD_LETTERS);
      return;
    }
    byte[] orderId = record.key();
    if (decided.get(orderId) != null) return;
    Decision decision = maker.decide(order.failed(), orderId);
    decided.put(orderId, new byte[] {(byte) decision.ordinal()});
    String eventId = maker.eventId(orderId);
    byte[] value = InventoryEvent.value(eventId, order, decision, source);
    context.forward(new Record<>(orderId, value, record.timestamp(), InventoryEvent.headers(eventId, order, decision)), DECISIONS);
  }

  private static Headers deadLetterHeaders(Headers original, RecordMetadata source, String reason) {
    Headers headers = new RecordHeaders(original);
    headers.add("__replayground.errors.topic", source.topic().getBytes(StandardCharsets.UTF_8));
    headers.add("__replayground.errors.partition", Integer.toString(source.partition()).getBytes(StandardCharsets.UTF_8));
    headers.add("__replayground.errors.offset", Long.toString(source.offset()).getBytes(StandardCharsets.UTF_8));
    headers.add("__replayground.errors.reason", reason.getBytes(StandardCharsets.UTF_8));
    return headers;
  }
}
