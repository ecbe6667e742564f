/** What the Grafana dashboard shows, named as on the lab's own page. Pure. */

/** Grafana's names of units. */
type Unit = 'short' | 's' | 'percentunit' | 'bytes' | 'ops';

export type Panel = { title: string; description: string; unit: Unit; queries: readonly { expr: string; legend: string }[] };

/** In their order, two in a row. */
export const panels: readonly Panel[] = [
  {
    title: 'Lag over time',
    description: 'Records that a group has not read yet.',
    unit: 'short',
    queries: [{ expr: 'sum by (consumergroup, topic) (kafka_consumergroup_lag)', legend: '{{consumergroup}} {{topic}}' }],
  },
  {
    title: 'Age of the oldest unread record',
    description: 'How late a group reads. Not the time that it takes to drain.',
    unit: 's',
    queries: [{ expr: 'max by (group, topic) (kafka_consumergroup_group_lag_seconds)', legend: '{{group}} {{topic}}' }],
  },
  {
    title: 'The pipeline now: written and read per second',
    description: 'How fast the ends of the topics and the offsets of the groups move.',
    unit: 'ops',
    queries: [
      { expr: 'sum by (topic) (rate(kafka_topic_partition_current_offset[1m]))', legend: 'written to {{topic}}' },
      { expr: 'sum by (consumergroup, topic) (rate(kafka_consumergroup_current_offset[1m]))', legend: '{{consumergroup}} reads {{topic}}' },
    ],
  },
  {
    title: 'Instances',
    description: 'Members of each group; more than partitions are of no use.',
    unit: 'short',
    queries: [{ expr: 'kafka_consumergroup_members', legend: '{{consumergroup}}' }],
  },
  {
    title: 'Lag by partition',
    description: 'One that is far above the others has a hot key, or stands.',
    unit: 'short',
    queries: [{ expr: 'kafka_consumergroup_lag', legend: '{{consumergroup}} {{topic}}/{{partition}}' }],
  },
  {
    title: 'Share of retention used',
    description: 'Of the oldest record that is not read: from 100% on it may be deleted at any moment.',
    unit: 'percentunit',
    queries: [{ expr: 'replayground_retention_used_ratio', legend: '{{consumergroup}} {{topic}}/{{partition}}' }],
  },
  {
    title: 'Orders',
    description: 'Each id once, as analytics counts them; failed: arrived failed, or could not be reserved.',
    unit: 'short',
    queries: [
      { expr: 'replayground_orders', legend: 'orders' },
      { expr: 'replayground_failed_orders', legend: 'failed' },
    ],
  },
  {
    title: 'Failure rate',
    description: 'Failed reservations per reservation.',
    unit: 'percentunit',
    queries: [{ expr: 'replayground_failure_rate', legend: 'failed' }],
  },
  {
    title: 'End to end',
    description: 'From accepted to visible, of the orders that became visible last.',
    unit: 's',
    queries: [{ expr: 'replayground_end_to_end_seconds', legend: 'from accepted to visible' }],
  },
  {
    title: 'POST /produce',
    description: 'From the request to the acknowledgement.',
    unit: 's',
    queries: [0.5, 0.99].map((quantile) => ({
      expr: `histogram_quantile(${quantile}, sum by (le) (rate(replayground_order_publish_seconds_bucket[1m])))`,
      legend: `${quantile * 100}th percentile`,
    })),
  },
  {
    title: 'Duplicates, dead letters, records lost',
    description: 'Decisions beyond the first on an order must be 0.',
    unit: 'short',
    queries: [
      { expr: 'replayground_duplicate_orders', legend: 'duplicates' },
      { expr: 'replayground_dead_letters', legend: 'dead letters' },
      { expr: 'replayground_repeated_decisions', legend: 'decided twice' },
      { expr: 'sum by (consumergroup) (replayground_records_deleted_unread_total)', legend: 'lost to retention: {{consumergroup}}' },
    ],
  },
  {
    title: 'Memory',
    description: 'Resident memory of each process.',
    unit: 'bytes',
    queries: [{ expr: 'process_resident_memory_bytes', legend: '{{service}} {{instance}}' }],
  },
];
