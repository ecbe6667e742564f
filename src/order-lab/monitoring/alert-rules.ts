/** What is to be told when nobody looks: rules for Prometheus, as data. Pure. */

export type AlertRule = {
  alert: string;
  /** PromQL; by names that kafka_exporter, klag-exporter or the services tell as well, so that it holds without a lab. */
  expr: string;
  /** How long it must hold, as Prometheus writes times. */
  for: string;
  severity: 'warning' | 'critical';
  summary: string;
  /** What it means and what to do. */
  description: string;
};

const where = '{{ $labels.topic }}/{{ $labels.partition }}';

/** A fixed number of records says nothing without the pace: these say what hurts. */
export const alertRules: readonly AlertRule[] = [
  {
    alert: 'KafkaConsumerLagSeconds',
    expr: 'max by (group, topic) (kafka_consumergroup_group_lag_seconds) > 60',
    for: '2m',
    severity: 'warning',
    summary: '{{ $labels.group }} reads {{ $labels.topic }} more than a minute late',
    description:
      'The oldest record that it has not read is {{ $value | humanizeDuration }} old. Is it slow (scale, throttle), or is it away?',
  },
  {
    alert: 'KafkaConsumerLagGrows',
    expr:
      'sum by (consumergroup, topic) (kafka_consumergroup_lag) > 0 and ' +
      'deriv(sum by (consumergroup, topic) (kafka_consumergroup_lag)[5m:30s]) > 0',
    for: '10m',
    severity: 'warning',
    summary: '{{ $labels.consumergroup }} falls behind in {{ $labels.topic }}',
    description: 'Its lag has grown for 10 minutes: more comes in than it reads. Up to one instance a partition helps.',
  },
  {
    alert: 'KafkaConsumerCommitsNothing',
    expr:
      'changes(kafka_consumergroup_current_offset[5m]) == 0 and on (topic, partition) ' +
      'changes(kafka_topic_partition_current_offset[5m]) > 0',
    for: '5m',
    severity: 'critical',
    summary: `{{ $labels.consumergroup }} commits nothing in ${where}`,
    description: 'Records come in, and its offset stands: it is away, paused, stuck at a record, or behind an open transaction.',
  },
  {
    alert: 'KafkaConsumerNearRetention',
    expr: 'max by (consumergroup, topic, partition) (replayground_retention_used_ratio) > 0.5',
    for: '1m',
    severity: 'warning',
    summary: `${where} may lose records that {{ $labels.consumergroup }} has not read`,
    description: 'The oldest of them has used {{ $value | humanizePercentage }} of retention.ms. Let it catch up, or raise retention.ms.',
  },
  {
    alert: 'KafkaConsumerAtRetention',
    expr: 'max by (consumergroup, topic, partition) (replayground_retention_used_ratio) > 0.9',
    for: '0m',
    severity: 'critical',
    summary: `${where} is about to lose records that {{ $labels.consumergroup }} has not read`,
    description: 'The oldest of them has used {{ $value | humanizePercentage }} of retention.ms. Raise retention.ms now: it acts at once.',
  },
  {
    alert: 'KafkaRecordsLostToRetention',
    // A counter that was not there before has no increase.
    expr:
      'increase(replayground_records_deleted_unread_total[15m]) > 0 or ' +
      '(replayground_records_deleted_unread_total > 0 unless replayground_records_deleted_unread_total offset 15m)',
    for: '0m',
    severity: 'critical',
    summary: `${where}: records were deleted before {{ $labels.consumergroup }} had read them`,
    description: '{{ $value }} offsets are gone. The log of the service names them, and so does ./lab ledger.',
  },
];
