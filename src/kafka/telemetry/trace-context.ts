/** Trace contexts as text: the header `traceparent` (W3C Trace Context, section 3.2), by which a trace goes from process to process. */
import { type Context, isSpanContextValid, type Link, ROOT_CONTEXT, type Span, type SpanContext, trace } from '@opentelemetry/api';
import type { RecordBatch } from '../bridge/record-batch.ts';
import { traceparentHeader } from '../record/headers.ts';

const form = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/**
 * @param text a traceparent
 * @param isRemote whether it came from another process
 * @returns undefined where it is none
 */
export function spanContextOf(text: string, isRemote = true): SpanContext | undefined {
  const [, traceId, spanId, flags] = form.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote };
  return isSpanContextValid(context) ? context : undefined;
}

/** @returns a context with this parent; without one where the text is none */
export function contextOf(traceparent: string | undefined, isRemote = true): Context {
  const parent = traceparent === undefined ? undefined : spanContextOf(traceparent, isRemote);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** @returns the span's traceparent; undefined where no trace is on */
export function traceparentOf(span: Span): string | undefined {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return undefined;
  return `00-${context.traceId}-${context.spanId}-0${context.traceFlags & 1}`;
}

/** What of a batch is of one topic. */
export type TopicShare = { count: number; partitions: Set<number>; links: Link[] };

/**
 * @param records a batch
 * @returns its topics, and for each the contexts in which its records were sent, each once
 */
export function sharesOf(records: RecordBatch): Map<string, TopicShare> {
  const shares = new Map<string, TopicShare>();
  const seen = new Set<string>();
  const isTraced = records.mentions(traceparentHeader);
  for (let i = 0; i < records.count; i += 1) {
    const topic = records.topic(i);
    const share = shares.get(topic) ?? { count: 0, partitions: new Set(), links: [] };
    shares.set(topic, share);
    share.count += 1;
    share.partitions.add(records.partition(i));
    if (!isTraced) continue;
    const text = records
      .headers(i)
      .findLast(([name]) => name === traceparentHeader)?.[1]
      ?.toString('latin1');
    if (text === undefined || seen.has(topic + text)) continue;
    seen.add(topic + text);
    const context = spanContextOf(text);
    if (context) share.links.push({ context });
  }
  return shares;
}
