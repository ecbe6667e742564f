package replayground.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A record of the inventory topic, checked as analytics-service checks it. */
record Outcome(
    String eventId,
    String eventType,
    String orderId,
    String action,
    List<Order.Item> items,
    String createdAt,
    @JsonProperty("source") Source source) {

  record Source(String topic, int partition, long offset) {}

  private static final ObjectReader READER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Outcome.class);

  /** Parses and validates one record. */
  static Decision read(byte[] key, byte[] value) throws Order.Unreadable {
    if (value == null) throw new Order.Unreadable("empty value");
    Outcome outcome;
    try {
      outcome = READER.readValue(value);
    } catch (IOException e) {
      throw new Order.Unreadable("not a decision: " + e.getMessage());
    }
    if (outcome == null || blank(outcome.eventId) || blank(outcome.orderId)) throw new Order.Unreadable("blank id");
    if (outcome.items == null || outcome.source == null || outcome.createdAt == null) throw new Order.Unreadable("a field is missing");
    if (key == null || !Arrays.equals(key, outcome.orderId.getBytes(StandardCharsets.UTF_8))) throw new Order.Unreadable("the key is not the order id");
    for (Decision decision : Decision.values()) {
      if (decision.eventType.equals(outcome.eventType) && decision.action.equals(outcome.action)) return decision;
    }
    throw new Order.Unreadable("unknown event type or action");
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
