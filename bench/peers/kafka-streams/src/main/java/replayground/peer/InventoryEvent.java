package replayground.peer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** The bytes and headers of one record of the inventory topic. */
final class InventoryEvent {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] CONTENT_TYPE = bytes("application/json");
  private static final byte[] SPEC_VERSION = bytes("1.0");
  private static final byte[] SOURCE = bytes("/replayground/inventory-service");

  private InventoryEvent() {}

  /** Compact JSON in the field order of inventory-service, so that both can be compared byte by byte. */
  static byte[] value(String eventId, Order order, Decision decision, RecordMetadata source) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("eventId", eventId);
      json.writeStringField("eventType", decision.eventType);
      json.writeStringField("orderId", order.orderId());
      json.writeStringField("action", decision.action);
      json.writeArrayFieldStart("items");
      for (Order.Item item : order.items()) {
        json.writeStartObject();
        json.writeStringField("sku", item.sku());
        json.writeNumberField("qty", (long) item.qty());
        json.writeEndObject();
      }
      json.writeEndArray();
      if (decision == Decision.REJECT) json.writeStringField("reason", "injected-fault");
      json.writeStringField("createdAt", order.createdAt());
      json.writeObjectFieldStart("source");
      json.writeStringField("topic", source.topic());
      json.writeNumberField("partition", source.partition());
      json.writeNumberField("offset", source.offset());
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** CloudEvents binary mode. */
  static Headers headers(String eventId, Order order, Decision decision) {
    Headers headers = new RecordHeaders();
    headers.add("content-type", CONTENT_TYPE);
    headers.add("ce_specversion", SPEC_VERSION);
    headers.add("ce_id", bytes(eventId));
    headers.add("ce_type", bytes(decision.eventType));
    headers.add("ce_source", SOURCE);
    headers.add("ce_time", bytes(order.createdAt()));
    return headers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
