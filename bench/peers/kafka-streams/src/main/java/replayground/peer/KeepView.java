package replayground.peer;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The totals over both topics, each order and each decision once. What was seen is in two stores; the totals are in a third one,
 * whose cache takes all changes between two commits together.
 */
final class KeepView implements Processor<byte[], byte[], Void, Void> {
  static final String ORDERS = "orders";
  static final String OUTCOMES = "outcomes";
  static final String TOTALS = "totals";

  private static final byte[] PLACED = {0};
  private static final byte[] FAILED = {1};

  private final String ordersTopic;
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<byte[], byte[]> orders;
  private KeyValueStore<byte[], byte[]> outcomes;
  private KeyValueStore<String, Long> totals;
  private String prefix;

  KeepView(String ordersTopic) {
    this.ordersTopic = ordersTopic;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    this.orders = context.getStateStore(ORDERS);
    this.outcomes = context.getStateStore(OUTCOMES);
    this.totals = context.getStateStore(TOTALS);
    this.prefix = context.taskId().partition() + "/";
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    try {
      if (context.recordMetadata().orElseThrow().topic().equals(ordersTopic)) order(Order.read(record.key(), record.value()), record.key());
      else outcome(Outcome.read(record.key(), record.value()), record.key());
    } catch (Order.Unreadable e) {
      add("dead_letters");
    }
  }

  private void order(Order order, byte[] key) {
    if (orders.get(key) != null) {
      add("duplicates_ignored");
      return;
    }
    orders.put(key, order.failed() ? FAILED : PLACED);
    add("total_orders");
    add("minute " + order.createdAt().substring(0, 16) + ":00Z");
    if (order.failed() && !is(outcomes.get(key), Decision.REJECT.ordinal())) add("failed_orders");
  }

  private void outcome(Decision decision, byte[] key) {
    if (outcomes.get(key) != null) {
      add("repeated_outcomes");
      return;
    }
    outcomes.put(key, new byte[] {(byte) decision.ordinal()});
    add(decision.action);
    if (decision == Decision.REJECT && !is(orders.get(key), FAILED[0])) add("failed_orders");
  }

  private void add(String total) {
    String key = prefix + total;
    Long before = totals.get(key);
    totals.put(key, before == null ? 1 : before + 1);
  }

  private static boolean is(byte[] stored, int value) {
    return stored != null && stored[0] == value;
  }
}
