/** JSON as it was written: parsing makes 9007199254740993 another number, 1.10 a shorter one, and drops a name that stands there twice. Pure. */
import { randomUUID } from 'node:crypto';

/** Deeper than people write, and shallow enough for every program that reads what we print (`jq`, Python). */
const deepest = 200;

/** The text of a JSON value, on one line. `JSON.stringify` gives what it means where nothing is lost by that, else the text. */
export class ExactJson {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** @returns undefined for what is no JSON, or too deep to be printed as such */
  static of(text: string): ExactJson | undefined {
    const tight = withoutSpace(text);
    return tight !== undefined && isJson(text) ? new ExactJson(tight) : undefined;
  }

  /** A single value is told as its text: a string in its quotes, since a text looks the same without them. */
  toJSON(): unknown {
    const value: unknown = JSON.parse(this.text);
    return typeof value === 'object' && value !== null && JSON.stringify(value) === this.text ? value : this.text;
  }
}

/**
 * @param value as for `JSON.stringify`; what is an `ExactJson` in it is printed as it was written
 * @param indent as for `JSON.stringify`
 */
export function stringifyExact(value: unknown, indent?: number): string {
  const mark = randomUUID();
  const texts: string[] = [];
  // The value before `toJSON`, which is called first.
  function replace(this: Record<string, unknown>, name: string, plain: unknown): unknown {
    const given = this[name];
    return given instanceof ExactJson ? `${mark}${texts.push(given.text) - 1}` : plain;
  }
  const text = JSON.stringify(value, replace, indent);
  return text.replaceAll(new RegExp(`"${mark}(\\d+)"`, 'g'), (_, index) => texts[Number(index)] ?? '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const [quote, backslash] = ['"', '\\'].map((one) => one.charCodeAt(0));
const codes = (text: string): Set<number> => new Set([...text].map((one) => one.charCodeAt(0)));
const [opening, closing, space] = [codes('[{'), codes(']}'), codes(' \t\n\r')];

/**
 * By hand, since a regular expression runs out of stack at long strings.
 * @returns the text without space between its tokens; undefined where it is too deep
 */
function withoutSpace(text: string): string | undefined {
  const parts: string[] = [];
  let depth = 0;
  let inString = false;
  let begin = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (opening.has(code)) {
      depth += 1;
      if (depth > deepest) return undefined;
    } else if (closing.has(code)) depth -= 1;
    else if (space.has(code)) {
      parts.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(begin);
}
