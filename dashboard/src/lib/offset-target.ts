/** From what a person chose and typed to a target of an offset reset; nothing where it makes no sense yet. */
import type { OffsetTarget } from '../../../src/order-lab/wire/all.ts';

export type TargetKind = OffsetTarget['to'];

export const targetKinds: { kind: TargetKind; name: string; asks: { name: string; example: string } | null }[] = [
  { kind: 'earliest', name: 'the beginning', asks: null },
  { kind: 'latest', name: 'the end', asks: null },
  { kind: 'shift', name: 'so many further or back', asks: { name: 'Records', example: '-100' } },
  { kind: 'offset', name: 'an offset', asks: { name: 'Offset', example: '0' } },
  { kind: 'duration', name: 'so long ago', asks: { name: 'Minutes', example: '10' } },
  { kind: 'datetime', name: 'a time (UTC)', asks: { name: 'Time', example: '2026-11-20T20:30:00Z' } },
];

/**
 * @param topic empty: everything that the group has committed
 * @param leftOut partitions of it that stay where they are
 * @param partitions all of the topic
 * @returns the scope as the lab takes it, or null where no partition is left
 */
export function scopeOf(topic: string, leftOut: readonly number[], partitions: readonly number[]): string[] | null {
  if (topic === '') return [];
  const chosen = partitions.filter((partition) => !leftOut.includes(partition));
  if (chosen.length === 0) return null;
  return [chosen.length === partitions.length ? topic : `${topic}:${chosen.join(',')}`];
}

/** @param text as typed; minutes for `duration` */
export function targetFrom(kind: TargetKind, text: string): OffsetTarget | null {
  const typed = text.trim();
  const number = typed === '' ? Number.NaN : Number(typed);
  switch (kind) {
    case 'offset':
      return Number.isInteger(number) && number >= 0 ? { to: 'offset', offset: number } : null;
    case 'shift':
      return Number.isInteger(number) ? { to: 'shift', by: number } : null;
    case 'duration':
      return Number.isInteger(number) && number > 0 ? { to: 'duration', ago: `PT${number}M` } : null;
    case 'datetime': {
      const withZone = /(z|[+-]\d\d:?\d\d)$/i.test(typed) ? typed : `${typed}Z`;
      return typed !== '' && !Number.isNaN(Date.parse(withZone)) ? { to: 'datetime', at: withZone } : null;
    }
    default:
      return { to: kind };
  }
}
