import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inlinePage, recordingMark } from '../../../src/lab/page/inline-page.ts';

const built = `<!doctype html><html><head><title>t</title>
<link rel="icon" href="./assets/icon.svg" type="image/svg+xml" />
<script type="module" crossorigin src="./assets/index.js"></script>
<link rel="stylesheet" crossorigin href="./assets/style.css">
</head><body><div id="app"></div></body></html>`;
const files: Record<string, string> = {
  './assets/icon.svg': '<svg/>',
  './assets/index.js': 'const tag = "</script>$&"; run();',
  './assets/style.css': 'p { color: red }',
  'THIRD-PARTY.md': '## a - 1 (MIT)\n</script>',
};

test('script, style and icon stand in the document, and the policy lets that script run and nothing else', () => {
  const page = inlinePage(built, (path) => files[path] ?? assert.fail(path));
  assert.doesNotMatch(page, /(src|href)="\.\//);
  assert.match(page, /<style>p \{ color: red \}<\/style>/);
  assert.match(page, /href="data:image\/svg\+xml;base64,PHN2Zy8\+"/);
  const [, script = ''] = /<script type="module">(.*?)<\/script>/s.exec(page) ?? [];
  assert.equal(script, 'const tag = "<\\/script>$&"; run();');
  assert.ok(page.includes(`default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`));
  assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<style>'), 'it holds from the beginning');
  assert.ok(page.includes('<script type="text/markdown" id="third-party">\n## a - 1 (MIT)\n<\\/script></script>'));
  assert.ok(page.indexOf(recordingMark) < page.indexOf('<script type="module"'), 'what is recorded is there before the script runs');
});
