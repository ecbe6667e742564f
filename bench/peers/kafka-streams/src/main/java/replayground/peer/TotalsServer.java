package replayground.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** GET / tells the totals of all partitions as one JSON object, by an interactive query of the store. */
final class TotalsServer {
  private TotalsServer() {}

  static void start(KafkaStreams streams, int port) throws IOException {
    ObjectMapper json = new ObjectMapper();
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body;
          int status = 200;
          try {
            body = json.writeValueAsBytes(totals(streams));
          } catch (RuntimeException e) {
            status = 503;
            body = json.writeValueAsBytes(Map.of("detail", String.valueOf(e.getMessage())));
          }
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** Keys are `partition/total`. */
  private static Map<String, Long> totals(KafkaStreams streams) {
    Map<String, Long> totals = new TreeMap<>();
    var store = streams.store(StoreQueryParameters.fromNameAndType(KeepView.TOTALS, QueryableStoreTypes.<String, Long>keyValueStore()));
    try (KeyValueIterator<String, Long> all = store.all()) {
      all.forEachRemaining(entry -> totals.merge(entry.key.substring(entry.key.indexOf('/') + 1), entry.value, Long::sum));
    }
    return totals;
  }
}
