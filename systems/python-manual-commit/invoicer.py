"""Writes an invoice for each order, waits until the broker has it, and only then commits the order's offset."""
import json
import os
import signal

from confluent_kafka import Consumer, KafkaException, Producer

brokers = os.environ["KAFKA_BROKERS"]
orders, invoices, dead_letters = os.environ["ORDERS"], os.environ["INVOICES"], os.environ["DEAD_LETTERS"]
consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": os.environ["GROUP"],
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        # A dead member's partitions go to another after so long (the default is 45 s).
        "session.timeout.ms": 6000,
    }
)
producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True})
running = True


def stop(*_):
    global running
    running = False


def invoice(order):
    total = sum(item["qty"] * item["price"] for item in order["items"])
    return json.dumps({"orderId": order["orderId"], "total": total})


def process(message):
    try:
        producer.produce(invoices, key=message.key(), value=invoice(json.loads(message.value())))
    except (ValueError, KeyError, TypeError):
        producer.produce(dead_letters, key=message.key(), value=message.value())


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
consumer.subscribe([orders])
try:
    while running:
        messages = [message for message in consumer.consume(100, 0.2) if not message.error()]
        if not messages:
            continue
        for message in messages:
            process(message)
        if producer.flush(30) > 0:
            raise SystemExit("the broker did not take the invoices")
        try:
            consumer.commit(asynchronous=False)
        except KafkaException as error:
            # Its partitions went to another member, which does these orders again.
            print(error, flush=True)
finally:
    consumer.close()
