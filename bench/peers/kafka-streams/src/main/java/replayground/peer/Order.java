package replayground.peer;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;

/** The part of an `OrderPlaced` that a decision needs; the older snake_case shape is read as well. */
record Order(
    @JsonAlias("event_type") String eventType,
    @JsonAlias("order_id") String orderId,
    List<Item> items,
    String status,
    @JsonAlias("timestamp") String createdAt) {

  record Item(@JsonAlias("item_id") String sku, @JsonAlias("quantity") double qty) {}

  /** A record that cannot be read; the message is the reason in the dead letter. */
  static final class Unreadable extends Exception {
    Unreadable(String reason) {
      super(reason);
    }
  }

  private static final double MAX_SAFE_INTEGER = 9007199254740991d;
  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
  private static final ObjectReader READER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Order.class);

  /** Parses and validates one record of the orders topic. */
  static Order read(byte[] key, byte[] value) throws Unreadable {
    if (value == null) throw new Unreadable("empty value");
    Order order;
    try {
      order = READER.readValue(value);
    } catch (IOException e) {
      throw new Unreadable("not an order: " + e.getMessage());
    }
    if (order == null || blank(order.orderId)) throw new Unreadable("blank order id");
    if (key == null || !Arrays.equals(key, order.orderId.getBytes(StandardCharsets.UTF_8))) throw new Unreadable("the key is not the order id");
    if (!"OrderPlaced".equals(order.eventType) && !"OrderCreated".equals(order.eventType)) throw new Unreadable("unknown event type");
    if (order.status != null && !order.status.equals("placed") && !order.status.equals("failed")) throw new Unreadable("unknown status");
    if (order.items == null || order.items.isEmpty()) throw new Unreadable("no items");
    for (Item item : order.items) {
      if (item == null || blank(item.sku)) throw new Unreadable("blank sku");
      if (!(item.qty >= 1) || item.qty > MAX_SAFE_INTEGER || item.qty != Math.rint(item.qty)) throw new Unreadable("qty is not a whole number from 1");
    }
    return new Order(order.eventType, order.orderId, order.items, order.status, utc(order.createdAt));
  }

  boolean failed() {
    return "failed".equals(status);
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }

  /** RFC 3339 in UTC with milliseconds; a time without an offset is UTC. */
  private static String utc(String time) throws Unreadable {
    if (time == null) throw new Unreadable("no createdAt");
    try {
      boolean local = time.indexOf('Z') < 0 && time.indexOf('+') < 0 && time.lastIndexOf('-') <= time.indexOf('T');
      Instant instant = time.endsWith("Z") ? Instant.parse(time) : OffsetDateTime.parse(local ? time + "Z" : time).toInstant();
      return time.length() == 24 && time.endsWith("Z") ? time : MILLIS.format(instant);
    } catch (DateTimeException e) {
      throw new Unreadable("createdAt is no RFC 3339 time");
    }
  }
}
