// Writes an invoice for each order in Kafka transactions, by franz-go's GroupTransactSession: the offsets are in them too.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type order struct {
	OrderID string `json:"orderId"`
	Items   []struct {
		Qty   int `json:"qty"`
		Price int `json:"price"`
	} `json:"items"`
}

func answerTo(record *kgo.Record) *kgo.Record {
	var placed order
	if err := json.Unmarshal(record.Value, &placed); err != nil || placed.OrderID == "" {
		return &kgo.Record{Topic: os.Getenv("DEAD_LETTERS"), Key: record.Key, Value: record.Value}
	}
	total := 0
	for _, item := range placed.Items {
		total += item.Qty * item.Price
	}
	value, _ := json.Marshal(map[string]any{"orderId": placed.OrderID, "total": total})
	return &kgo.Record{Topic: os.Getenv("INVOICES"), Key: record.Key, Value: value}
}

func main() {
	session, err := kgo.NewGroupTransactSession(
		kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BROKERS"), ",")...),
		kgo.ConsumerGroup(os.Getenv("GROUP")),
		kgo.ConsumeTopics(os.Getenv("ORDERS")),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.TransactionalID(os.Getenv("GROUP")+"-"+os.Getenv("LAB_INSTANCE")),
		// What a dead process left open is aborted by then.
		kgo.TransactionTimeout(10*time.Second),
		// A dead member's partitions go to another after so long (the default is 45 s).
		kgo.SessionTimeout(6*time.Second),
		kgo.HeartbeatInterval(1500*time.Millisecond),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	stopped, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	for {
		fetches := session.PollRecords(stopped, 100)
		if stopped.Err() != nil {
			return
		}
		fetches.EachError(func(topic string, partition int32, err error) { log.Println(topic, partition, err) })
		if fetches.NumRecords() == 0 {
			continue
		}
		if err := session.Begin(); err != nil {
			log.Fatal(err)
		}
		first := kgo.AbortingFirstErrPromise(session.Client())
		fetches.EachRecord(func(record *kgo.Record) { session.Produce(context.Background(), answerTo(record), first.Promise()) })
		// Aborted where a record failed, or the group was rebalanced meanwhile: then the orders are read again.
		if _, err := session.End(context.Background(), kgo.TransactionEndTry(first.Err() == nil)); err != nil {
			log.Fatal(err)
		}
	}
}
