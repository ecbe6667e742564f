/** JSON that no well-meant caller sends: single values, whole texts, bytes that are no text. */
import fc, { type Arbitrary } from 'fast-check';

/** Values as raw JSON, since some cannot be had from `JSON.stringify`. */
const tokens = [
  'null true false "" " " "\\t" "10" "1e3" "NaN" "\\u0000" "\\ud800" "\\u202e" "__proto__" "constructor" -1 -0 0 0.5 1.5 1e309 -1e309 1e-400',
  '9007199254740993 99999999999999999999999999 [] {} [[]] [null] {"":0} {"__proto__":{"polluted":1}} {"constructor":{"prototype":{"polluted":1}}}',
].flatMap((line) => line.split(' '));
/** `" "` and the like do not survive the split above. */
const spaced = ['" "', '"\\u3000"', '"a b"'];

/** How deep something is nested; seldom deep enough to overflow a stack, since that makes large bodies. */
export const depths: Arbitrary<number> = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 1, max: 2000 }) },
  { weight: 1, arbitrary: fc.constantFrom(20_000, 100_000) },
);

export const weirdToken: Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...tokens.filter(isJson), ...spaced) },
  { weight: 4, arbitrary: fc.json({ maxDepth: 3 }).filter((text) => !isPositive(text)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: depths.map((depth) => '['.repeat(depth) + ']'.repeat(depth)) },
);

/** Such a number could be a valid count, and sends so many orders, or a valid rate, and one order takes years. */
const isPositive = (text: string): boolean => /^\s*\d[\d.e+-]*\s*$/i.test(text);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One MiB and more, as a string. */
export const hugeString: Arbitrary<string> = fc
  .tuple(fc.constantFrom('x', '\\u0000', 'é', '😀'), fc.integer({ min: 0, max: 3 }))
  .map(([unit, more]) => `"${unit.repeat(Math.ceil((1024 * 1024) / Buffer.byteLength(unit)) + more)}"`);

/** No JSON object, in many ways. */
export const brokenText: Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from([0xff, ...bytes])),
  fc
    .constantFrom('{', '{"a":', '[', '"', '{"a":1}}', "{'a':1}", '{"a":1,}', '\ufeff{', 'undefined', '/**/', '{"a":\u0001}')
    .map((text) => Buffer.from(text)),
  depths.map((depth) => Buffer.from('{"a":'.repeat(depth))),
  depths.map((depth) => Buffer.from('['.repeat(depth))),
);

/**
 * @param valid a body that would be accepted
 * @returns the same with some fields replaced by raw tokens, left out, repeated, or with others beside them
 */
export function mutated(valid: Record<string, string>): Arbitrary<Buffer> {
  const field = fc.constantFrom(...Object.keys(valid), '__proto__', 'constructor', 'toString', 'extra');
  const changes = fc.array(fc.tuple(field, fc.option(weirdToken)), { minLength: 1, maxLength: 3 });
  return changes.map((list) => {
    const fields: [string, string][] = Object.entries(valid);
    for (const [name, token] of list) {
      const at = fields.findIndex(([one]) => one === name);
      if (token === null && at >= 0) fields.splice(at, 1);
      else if (at >= 0) fields[at] = [name, token ?? 'null'];
      else fields.push([name, token ?? 'null']);
    }
    return Buffer.from(`{${fields.map(([name, token]) => `${JSON.stringify(name)}:${token}`).join(',')}}`);
  });
}
