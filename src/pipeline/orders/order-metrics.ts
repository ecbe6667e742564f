/** What order-service tells Prometheus about itself. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** @returns the service's own metrics, registered */
export function orderMetrics(registers: Registry[], read: { inFlight: () => number; kafkaUp: () => boolean }) {
  new Gauge({
    name: 'replayground_orders_in_flight',
    help: 'orders of POST /produce that wait for Kafka',
    registers: registers,
    collect() {
      this.set(read.inFlight());
    },
  });
  new Gauge({
    name: 'replayground_kafka_up',
    help: '1 while orders can be written to Kafka',
    registers: registers,
    collect() {
      this.set(Number(read.kafkaUp()));
    },
  });
  return {
    published: new Counter({
      name: 'replayground_orders_published_total',
      help: 'orders that Kafka has acknowledged',
      labelNames: ['via'],
      registers,
    }),
    refused: new Counter({ name: 'replayground_orders_refused_total', help: 'orders that were not answered 200', registers }),
    publishSeconds: new Histogram({
      name: 'replayground_order_publish_seconds',
      help: 'from the request to the acknowledgement',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
  };
}
