/**
 * What of a contract broke. A topic has readers and writers at the same time: what readers rely on may not be taken away, what writers send may
 * not be refused. So only words, and what is added by a name and not required, may change. Pure.
 */

/** Words for people: they may change. */
const prose = new Set(['description', 'summary', 'title', 'examples', 'externalDocs', 'tags']);

/** Members of these are called as somebody likes, and more of them may come. */
const nameMaps = new Set(['properties', 'channels', 'operations', 'messages', 'schemas', 'components']);

/** Lists without an order. */
const sets = new Set(['required', 'enum']);

/**
 * @param released the AsyncAPI document that others rely on
 * @param next the one that is to take its place
 * @returns each breaking change in one line: JSON Pointer (RFC 6901) and what changed; empty where nothing broke
 */
export function breakingChanges(released: object, next: object): string[] {
  const [before, after] = [released, next].map((document) => JSON.parse(JSON.stringify(document)));
  // Which version it is says nothing about what it promises.
  for (const document of [before, after]) document.info = {};
  return compare('', before, after, false);
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

function compare(at: string, before: Json, after: Json, areNames: boolean): string[] {
  if (isObject(before) && isObject(after)) return compareObjects(at, before, after, areNames);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && sets.has(at.slice(at.lastIndexOf('/') + 1))) return compareSets(at, before, after);
  return [`${at}: was ${shown(before)}, is ${shown(after)}`];
}

function compareObjects(at: string, before: { [name: string]: Json }, after: { [name: string]: Json }, areNames: boolean): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!areNames && prose.has(name)) continue;
    const place = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [was, is] = [before[name], after[name]];
    if (is === undefined) found.push(`${place}: removed`);
    else if (was !== undefined) found.push(...compare(place, was, is, !areNames && nameMaps.has(name)));
    else if (!areNames) found.push(`${place}: added, ${shown(is)}`);
  }
  return found;
}

function compareSets(at: string, before: Json[], after: Json[]): string[] {
  const without = (all: Json[], others: Json[]) => all.filter((one) => !others.some((other) => shown(other) === shown(one)));
  return [
    ...without(before, after).map((one) => `${at}: ${shown(one)} removed`),
    ...without(after, before).map((one) => `${at}: ${shown(one)} added`),
  ];
}

const isObject = (value: Json): value is { [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: Json): string => JSON.stringify(value);
