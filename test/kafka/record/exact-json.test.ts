import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExactJson, stringifyExact } from '../../../src/kafka/record/exact-json.ts';

const exact = (text: string): string => stringifyExact({ value: ExactJson.of(text) ?? 'no JSON' });

describe('JSON as it was written', () => {
  it('is printed so: big numbers, digits, repeated and odd names, escapes', () => {
    for (const text of [
      '{"a":9007199254740993,"d":1,"d":2,"p":1.10}',
      '1e999',
      '-0',
      '{"b":1,"2":2,"1":3,"__proto__":{}}',
      '"\\u00e9"',
      'null',
    ]) {
      assert.equal(exact(text), `{"value":${text}}`);
    }
    assert.equal(exact(' {\n "a b" : [ 1 , "c: \\" d" ] }\r\n'), '{"value":{"a b":[1,"c: \\" d"]}}');
  });

  it('is told apart from text, from what is cut off, and from what is too deep to print', () => {
    for (const text of ['x', '', '{"a":', '['.repeat(20_000), '['.repeat(20_000) + ']'.repeat(20_000), '{"a":'.repeat(300)]) {
      assert.equal(ExactJson.of(text), undefined, text.slice(0, 20));
    }
    assert.equal(exact('['.repeat(200) + ']'.repeat(200)).length, 400 + '{"value":}'.length);
  });

  it('is parsed for JSON.stringify where nothing is lost, else its text; a single value is its text', () => {
    const plain = (text: string): unknown => JSON.parse(JSON.stringify({ value: ExactJson.of(text) })).value;
    assert.deepEqual(plain('{ "a": [1, "é"] }'), { a: [1, 'é'] });
    for (const text of ['{"a":9007199254740993}', '{"d":1,"d":2}', '[1.10]', '[1e999]', '"x"', 'null', '{"__proto__":1,"1":2}']) {
      assert.equal(plain(text), text);
    }
  });

  it('may be long', () => {
    const text = JSON.stringify('"\\'.repeat(2_000_000));
    assert.equal(ExactJson.of(text)?.text, text);
  });
});
