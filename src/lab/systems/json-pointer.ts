/** A value inside of JSON by its JSON pointer (RFC 6901). Pure. */

/** @returns what the pointer leads to; undefined where that is nothing */
export function atPointer(value: unknown, pointer: string): unknown {
  let at = value;
  for (const part of pointer.split('/').slice(1)) {
    at = (at as Record<string, unknown> | null | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}
