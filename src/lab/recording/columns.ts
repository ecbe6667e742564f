/** Rows of JSON as columns of what changed: a second of a lab is much like the one before it. Pure; the page unpacks by it too. */
import type { Column, Columns } from '../wire/recording.ts';

const separator = '\u0000';
/** Stands for a leaf that a row does not have: no leaf is an array with something in it. */
const absent: readonly number[] = [0];

type Changes = { rows: number[]; values: unknown[] };

/** @param rows JSON values; keys hold no NUL @returns the same, for {@link decodeColumns} */
export function encodeColumns(rows: readonly unknown[]): Columns {
  const changes = new Map<string, Changes>();
  let before = new Map<string, unknown>();
  for (const [row, value] of rows.entries()) {
    const leaves = new Map<string, unknown>();
    flatten(value, '', leaves);
    for (const [path, leaf] of leaves) if (!before.has(path) || !isSame(before.get(path), leaf)) note(changes, path, row, leaf);
    for (const path of before.keys()) if (!leaves.has(path)) note(changes, path, row, absent);
    before = leaves;
  }
  return { count: rows.length, columns: [...changes].map(([path, found]) => columnOf(path, found)) };
}

/** @returns the rows that were encoded; objects have the same keys, though not in the same order */
export function decodeColumns({ count, columns }: Columns): unknown[] {
  const cursors = columns.map((column) => ({
    keys: column.path.split(separator).slice(1),
    next: 0,
    change: 0,
    value: absent as unknown,
    column,
  }));
  return Array.from({ length: count }, (_, row) => {
    const root: { value?: unknown } = {};
    for (const cursor of cursors) {
      const { at, values, isDelta } = cursor.column;
      if (cursor.change === 0 && cursor.next === 0) cursor.next = at?.[0] ?? 0;
      if (cursor.next === row && cursor.change < values.length) {
        const value = values[cursor.change];
        cursor.value = isDelta && cursor.change > 0 ? (cursor.value as number) + (value as number) : value;
        cursor.change += 1;
        cursor.next = row + (at === undefined ? 1 : (at[cursor.change] ?? 0));
      }
      if (!isAbsent(cursor.value)) place(root, cursor.keys, cursor.value);
    }
    return root.value;
  });
}

function flatten(value: unknown, path: string, into: Map<string, unknown>): void {
  if (Array.isArray(value) && value.length > 0) {
    for (const [index, item] of value.entries()) flatten(item, `${path}${separator}#${index}`, into);
    return;
  }
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    for (const [key, item] of entries) flatten(item, `${path}${separator}.${key}`, into);
    if (entries.length > 0) return;
  }
  into.set(path, value);
}

function note(changes: Map<string, Changes>, path: string, row: number, value: unknown): void {
  const found = changes.get(path) ?? { rows: [], values: [] };
  changes.set(path, found);
  found.rows.push(row);
  found.values.push(value);
}

function columnOf(path: string, { rows, values }: Changes): Column {
  const at = rows.map((row, index) => row - (rows[index - 1] ?? 0));
  const isEach = rows[0] === 0 && at.every((gap, index) => index === 0 || gap === 1);
  const isDelta = values.length > 2 && values.every((value) => Number.isSafeInteger(value));
  return {
    path,
    ...(!isEach && { at }),
    values: isDelta ? values.map((value, index) => (index === 0 ? value : (value as number) - (values[index - 1] as number))) : values,
    ...(isDelta && { isDelta }),
  };
}

/** Puts a leaf in its place, and makes what leads there. */
function place(root: { value?: unknown }, keys: readonly string[], leaf: unknown): void {
  let holder = root as Record<string, unknown>;
  let key = 'value';
  for (const next of keys) {
    const isIndex = next.startsWith('#');
    if (holder[key] === undefined) holder[key] = isIndex ? [] : {};
    holder = holder[key] as Record<string, unknown>;
    key = next.slice(1);
  }
  // An own key of that name, as in JSON, and not the prototype. Arrays and objects that are leaves are empty: each row gets its own.
  Object.defineProperty(holder, key, { value: copyOf(leaf), enumerable: true, configurable: true, writable: true });
}

const copyOf = (leaf: unknown): unknown => (Array.isArray(leaf) ? [] : isObject(leaf) ? {} : leaf);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
const isSame = (before: unknown, now: unknown): boolean =>
  before === now || (isEmpty(before) && isEmpty(now) && Array.isArray(before) === Array.isArray(now));
const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null;
