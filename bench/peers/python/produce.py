"""Sends generated orders with confluent-kafka, with the settings that the write-ups use: linger.ms=5, batch.num.messages=1000.

The job is that of order-service's burst: each order is made by a seeded generator out of the same menu, written as JSON, and goes out
with its id as the key and the same CloudEvents headers. The promises are the same too: acks=all, idempotence, lz4, murmur2.
"""

import json
import secrets
import sys
from datetime import datetime, timezone
from random import Random

from confluent_kafka import Producer

ITEM_COUNTS = [1] * 13 + [2] * 4 + [3] * 2 + [4]
USERS = 5000


def order_maker(seed: str, run_id: str, menu: list[dict]):
    """Returns a function that makes the next order; `random() * n` is the cheapest draw that Python has."""
    draw = Random(seed).random
    number = 0

    def next_order(created_at: str) -> dict:
        nonlocal number
        number += 1
        order_id = f"{run_id}-{number}"
        items = []
        cents = 0
        for _ in range(ITEM_COUNTS[int(draw() * len(ITEM_COUNTS))]):
            dish = menu[int(draw() * len(menu))]
            qty = 1 + int(draw() * 3)
            items.append({"sku": dish["sku"], "qty": qty, "price": dish["cents"] / 100})
            cents += qty * dish["cents"]
        return {
            "eventId": order_id,
            "eventType": "OrderPlaced",
            "orderId": order_id,
            "userId": f"user-{1 + int(draw() * USERS)}",
            "items": items,
            "totalAmount": cents / 100,
            "status": "placed",
            "createdAt": created_at,
        }

    return next_order


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def main(brokers: str, topic: str, count: int, run_id: str, menu_file: str) -> None:
    with open(menu_file, encoding="utf-8") as file:
        next_order = order_maker(secrets.token_hex(8), run_id, json.load(file))
    producer = Producer(
        {
            "bootstrap.servers": brokers,
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": "lz4",
            "partitioner": "murmur2_random",
            "linger.ms": 5,
            "batch.num.messages": 1000,
            "queue.buffering.max.messages": 200_000,
            "queue.buffering.max.kbytes": 131_072,
        }
    )
    failed = 0

    def on_delivery(error, _message) -> None:
        nonlocal failed
        if error is not None:
            failed += 1

    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
    created_at = now()
    for number in range(count):
        if number % 500 == 0:
            created_at = now()
            producer.poll(0)
        order = next_order(created_at)
        order_id = order["orderId"]
        headers = [
            ("content-type", "application/json"),
            ("ce_specversion", "1.0"),
            ("ce_id", order_id),
            ("ce_type", "OrderPlaced"),
            ("ce_source", "/replayground/order-service"),
            ("ce_time", created_at),
        ]
        value = encode(order)
        while True:
            try:
                producer.produce(topic, value, order_id, on_delivery=on_delivery, headers=headers)
                break
            except BufferError:
                producer.poll(0.01)
    left = producer.flush(60)
    if left or failed:
        sys.exit(f"{left} orders were not answered, {failed} failed")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
