import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';

test('every link between the documents leads to a file that is there', () => {
  const documents = globSync(['*.md', '{docs,scenarios,bench,deploy}/**/*.md'], { cwd: projectRoot });
  assert.ok(documents.includes('docs/exercises.md'));
  for (const document of documents) {
    const text = readFileSync(join(projectRoot, document), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      assert.ok(existsSync(join(projectRoot, dirname(document), link)), `${document}: ${link}`);
    }
  }
});
