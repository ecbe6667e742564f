"""POST /produce with FastAPI and confluent-kafka: answers when the broker has the order (acks=all), as order-service does."""

import asyncio
import os
import threading
import uuid
from contextlib import asynccontextmanager
from datetime import datetime, timezone

import uvicorn
from confluent_kafka import KafkaException, Producer
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

NAMESPACE = uuid.UUID("3b6f0a52-6a3c-5d0e-8f3b-5d1f6c1e2a90")
TOPIC = os.environ["ORDERS_TOPIC"]


class Item(BaseModel):
    sku: str = Field(pattern=r"\S")
    qty: int = Field(ge=1)
    price: float | None = Field(default=None, ge=0)


class OrderRequest(BaseModel):
    orderId: str | None = Field(default=None, pattern=r"\S")
    userId: str | None = None
    items: list[Item] = Field(min_length=1)


class OrderPlaced(BaseModel):
    eventId: str
    eventType: str
    orderId: str
    userId: str | None
    items: list[Item]
    totalAmount: float | None
    status: str
    createdAt: str


producer = Producer(
    {
        "bootstrap.servers": os.environ["KAFKA_BROKERS"],
        "acks": "all",
        "enable.idempotence": True,
        "compression.type": "lz4",
        "partitioner": "murmur2_random",
        "linger.ms": 5,
    }
)


@asynccontextmanager
async def lifespan(_app: FastAPI):
    """Delivery reports are taken on a thread of their own, so that the event loop never waits for the client."""
    stopping = threading.Event()

    def poll() -> None:
        while not stopping.is_set():
            producer.poll(0.1)

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    yield
    stopping.set()
    thread.join()
    producer.flush(10)


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/produce")
async def produce(request: OrderRequest) -> dict[str, str | int]:
    order_id = request.orderId or str(uuid.uuid4())
    total = None
    if all(item.price is not None for item in request.items):
        total = round(sum(item.qty * (item.price or 0) for item in request.items), 2)
    order = OrderPlaced(
        eventId=str(uuid.uuid5(NAMESPACE, order_id)),
        eventType="OrderPlaced",
        orderId=order_id,
        userId=request.userId,
        items=request.items,
        totalAmount=total,
        status="placed",
        createdAt=datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    )
    loop = asyncio.get_running_loop()
    delivered = loop.create_future()

    def settle(error, message) -> None:
        if error is not None:
            delivered.set_exception(KafkaException(error))
        else:
            delivered.set_result((message.partition(), message.offset()))

    headers = [
        ("content-type", "application/json"),
        ("ce_specversion", "1.0"),
        ("ce_id", order.eventId),
        ("ce_type", order.eventType),
        ("ce_source", "/replayground/order-service"),
        ("ce_time", order.createdAt),
    ]
    try:
        producer.produce(
            TOPIC,
            order.model_dump_json(exclude_none=True),
            order_id,
            on_delivery=lambda error, message: loop.call_soon_threadsafe(settle, error, message),
            headers=headers,
        )
        partition, offset = await delivered
    except (BufferError, KafkaException) as error:
        raise HTTPException(503, str(error)) from error
    return {
        "status": "published",
        "eventId": order.eventId,
        "orderId": order_id,
        "topic": TOPIC,
        "partition": partition,
        "offset": offset,
    }


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="warning")
