/** The spans and metrics of a Kafka client, by OpenTelemetry's conventions for messaging (semconv 1.44, messaging/kafka). */
import {
  type Attributes,
  type Context,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ReplaygroundError } from '../errors.ts';
import type { MessagingTelemetry, Processing, Sending } from './messaging.ts';
import { contextOf, sharesOf, type TopicShare, traceparentOf } from './trace-context.ts';

type Operation = { name: 'send' | 'poll' | 'process' | 'commit'; type: 'send' | 'receive' | 'process' | 'settle'; kind: SpanKind };

const operations = {
  send: { name: 'send', type: 'send', kind: SpanKind.PRODUCER },
  poll: { name: 'poll', type: 'receive', kind: SpanKind.CLIENT },
  process: { name: 'process', type: 'process', kind: SpanKind.CONSUMER },
  commit: { name: 'commit', type: 'settle', kind: SpanKind.CLIENT },
} as const satisfies Record<string, Operation>;

/** Boundaries of the histograms, as the conventions advise (s). */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * @param tracer makes the spans
 * @param meter makes the metrics
 * @param clientId the client's `client.id`
 * @param clusterId the cluster's id, once it is known: what is told before is told without
 * @returns what the client tells its work to
 */
export function messagingTelemetry(
  tracer: Tracer,
  meter: Meter,
  clientId: string,
  clusterId: () => string | undefined = () => undefined,
): MessagingTelemetry {
  const inSeconds = { unit: 's', advice: { explicitBucketBoundaries: boundaries } };
  const operationSeconds = meter.createHistogram('messaging.client.operation.duration', inSeconds);
  const processSeconds = meter.createHistogram('messaging.process.duration', inSeconds);
  const sent = meter.createCounter('messaging.client.sent.messages', { unit: '{message}' });
  const consumed = meter.createCounter('messaging.client.consumed.messages', { unit: '{message}' });

  /** Begins an operation. @returns its span, and what ends it */
  const begin = (operation: Operation, topic: string, { attributes, own, at = Date.now(), within = ROOT_CONTEXT, links = [] }: Begin) => {
    const common: Attributes = {
      'messaging.system': 'kafka',
      'messaging.operation.name': operation.name,
      'messaging.operation.type': operation.type,
      'messaging.destination.name': topic,
      ...aboutCluster(clusterId()),
      ...attributes,
    };
    const all = { ...common, 'messaging.client.id': clientId, ...own };
    const span = tracer.startSpan(`${operation.name} ${topic}`, { kind: operation.kind, attributes: all, startTime: at, links }, within);
    const end = (error?: unknown): void => {
      const failure: Attributes = error === undefined ? {} : { 'error.type': errorType(error) };
      span.setAttributes(failure);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
      (operation.name === 'process' ? processSeconds : operationSeconds).record((Date.now() - at) / 1000, { ...common, ...failure });
      span.end();
    };
    return { span, common, end };
  };

  const send = (topic: string, within: Context, own: Attributes = {}): Sending => {
    const { span, common, end } = begin(operations.send, topic, { within, own });
    return {
      traceparent: traceparentOf(span),
      done: (count, place) => {
        if (place) {
          span.setAttributes({ 'messaging.destination.partition.id': String(place.partition), 'messaging.kafka.offset': place.offset });
        } else span.setAttribute('messaging.batch.message_count', count);
        sent.add(count, common);
        end();
      },
      failed: end,
    };
  };

  const received: MessagingTelemetry['received'] = (records, { groupId, polledAt, output }): Processing => {
    const attributes = { 'messaging.consumer.group.name': groupId };
    const batches = [...sharesOf(records)].map(([topic, share]) => {
      const own = aboutShare(share);
      const poll = begin(operations.poll, topic, { attributes, own, at: polledAt });
      consumed.add(share.count, poll.common);
      poll.end();
      const { span, end } = begin(operations.process, topic, { attributes, own, within: inside(poll.span), links: share.links });
      return { topic, within: inside(span), end };
    });
    const [first] = batches;
    const sending = output !== undefined && first ? send(output, first.within) : undefined;
    const done = (error?: unknown): void => {
      for (const { end } of batches) end(error);
    };
    const commit: Processing['commit'] = async (run) => {
      const commits = batches.map(({ topic, within }) => begin(operations.commit, topic, { attributes, within }));
      const ended = (error?: unknown): void => {
        for (const { end } of commits) end(error);
      };
      return telling(run, () => ended(), ended);
    };
    const deliver: Processing['deliver'] = async (written, delivery) => {
      const onDone = (): void => {
        sending?.done(written);
        done();
      };
      const onFailed = (error: unknown): void => {
        sending?.failed(error);
        done(error);
      };
      await telling(() => commit(delivery), onDone, onFailed);
    };
    return { traceparent: sending?.traceparent, deliver, commit, done };
  };

  return {
    send: (topic, { parent, key } = {}) =>
      send(topic, contextOf(parent, false), key === undefined ? {} : { 'messaging.kafka.message.key': key }),
    received,
  };
}

type Begin = {
  /** Of span and metrics. */
  attributes?: Attributes;
  /** Of the span alone. */
  own?: Attributes;
  /** When it began (ms since 1970); left out: now. */
  at?: number;
  within?: Context;
  links?: TopicShare['links'];
};

const inside = (span: Span): Context => trace.setSpan(ROOT_CONTEXT, span);

/** A batch of several partitions has none of its own. */
const aboutShare = ({ count, partitions }: TopicShare): Attributes => ({
  'messaging.batch.message_count': count,
  ...(partitions.size === 1 && { 'messaging.destination.partition.id': String([...partitions][0]) }),
});

const aboutCluster = (id: string | undefined): Attributes => (id === undefined ? {} : { 'messaging.kafka.cluster.id': id });

async function telling<T>(run: () => Promise<T>, onDone: () => void, onFailed: (error: unknown) => void): Promise<T> {
  try {
    const result = await run();
    onDone();
    return result;
  } catch (error) {
    onFailed(error);
    throw error;
  }
}

/** A class of errors, few of them. */
function errorType(error: unknown): string {
  if (error instanceof ReplaygroundError) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
