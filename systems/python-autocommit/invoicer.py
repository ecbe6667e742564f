"""Writes an invoice for each order. Offsets are committed by the client, in the background: its default."""
import json
import os
import signal

from confluent_kafka import Consumer, Producer

brokers = os.environ["KAFKA_BROKERS"]
orders, invoices, dead_letters = os.environ["ORDERS"], os.environ["INVOICES"], os.environ["DEAD_LETTERS"]
consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": os.environ["GROUP"],
        "auto.offset.reset": "earliest",
        # A dead member's partitions go to another after so long (the default is 45 s).
        "session.timeout.ms": 6000,
    }
)
producer = Producer({"bootstrap.servers": brokers})
running = True


def stop(*_):
    global running
    running = False


def invoice(order):
    total = sum(item["qty"] * item["price"] for item in order["items"])
    return json.dumps({"orderId": order["orderId"], "total": total})


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
consumer.subscribe([orders])
try:
    while running:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            print(message.error(), flush=True)
            continue
        try:
            producer.produce(invoices, key=message.key(), value=invoice(json.loads(message.value())))
        except (ValueError, KeyError, TypeError):
            producer.produce(dead_letters, key=message.key(), value=message.value())
        producer.poll(0)
finally:
    producer.flush(5)
    consumer.close()
