package replayground.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** What inventory decides about one order, and the id of that decision: pure functions of the order id and the seed. */
enum Decision {
  RESERVE("reserve", "InventoryReserved"),
  REJECT("reject", "InventoryFailed"),
  RELEASE("release", "InventoryReleased");

  final String action;
  final String eventType;

  Decision(String action, String eventType) {
    this.action = action;
    this.eventType = eventType;
  }

  /** Decides and names; not thread-safe (it reuses one digest), so each processor has its own. */
  static final class Maker {
    private static final UUID NAMESPACE = UUID.fromString("6f1d1f0e-5b0c-5e0a-9c39-2f0a7d1c4b11");
    private final byte[] namespace =
        ByteBuffer.allocate(16).putLong(NAMESPACE.getMostSignificantBits()).putLong(NAMESPACE.getLeastSignificantBits()).array();
    private final byte[] seedPrefix;
    private final double failRate;
    private final MessageDigest sha1;

    Maker(String seed, double failRate) {
      this.seedPrefix = (seed + "\0").getBytes(StandardCharsets.UTF_8);
      this.failRate = failRate;
      try {
        this.sha1 = MessageDigest.getInstance("SHA-1");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Release for a failed order; else reject where SHA-1(seed, NUL, order id), as a fraction of 2^32, is below the fail rate. */
    Decision decide(boolean failed, byte[] orderId) {
      if (failed) return RELEASE;
      sha1.update(seedPrefix);
      long draw = ByteBuffer.wrap(sha1.digest(orderId)).getInt() & 0xffffffffL;
      return draw / 4294967296d < failRate ? REJECT : RESERVE;
    }

    /** The UUIDv5 of the order id (RFC 9562, 5.5). */
    String eventId(byte[] orderId) {
      sha1.update(namespace);
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(orderId));
      long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x5000L;
      long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
      return new UUID(high, low).toString();
    }
  }
}
