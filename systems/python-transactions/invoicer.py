"""Writes invoices in Kafka transactions, with the offsets of the orders in them: both are committed, or none."""
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
        "isolation.level": "read_committed",
        # A dead member's partitions go to another after so long (the default is 45 s).
        "session.timeout.ms": 6000,
    }
)
producer = Producer(
    {
        "bootstrap.servers": brokers,
        "transactional.id": f"{os.environ['GROUP']}-{os.environ['LAB_INSTANCE']}",
        # What a dead process left open is aborted by then.
        "transaction.timeout.ms": 10000,
    }
)
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


def retried(step, *args):
    while True:
        try:
            return step(*args)
        except KafkaException as error:
            if not error.args[0].retriable():
                raise


def on_assign(consumer, partitions):
    # Asked for here: left to librdkafka (2.15), a partition whose offset is part of an open transaction is read from its beginning where
    # the assignment changes while it asks.
    committed = consumer.committed(partitions, timeout=20)
    for partition in committed:
        if partition.error:
            raise KafkaException(partition.error)
    consumer.assign(committed)


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
producer.init_transactions()
consumer.subscribe([orders], on_assign=on_assign)
try:
    while running:
        messages = [message for message in consumer.consume(100, 0.2) if not message.error()]
        if not messages:
            continue
        producer.begin_transaction()
        for message in messages:
            process(message)
        # Any error that a retry does not mend ends the process: the transaction is aborted, and the orders are read again.
        positions = consumer.position(consumer.assignment())
        retried(producer.send_offsets_to_transaction, positions, consumer.consumer_group_metadata())
        retried(producer.commit_transaction)
finally:
    consumer.close()
