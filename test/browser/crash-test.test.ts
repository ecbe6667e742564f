/** A crash test on its page while it goes on: the picture, the faults as causes, and the verdict as it forms. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { collectErrors, openBrowser, seriousViolations } from '../support/browser.ts';
import { until } from '../support/until.ts';

const consumers = join(projectRoot, 'test/lab/crash-test/consumers');
const folder = mkdtempSync(join(tmpdir(), 'a system '));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Nearly as long as Kafka takes them with the prefix of a run, and alike in how they begin. */
const longNames = { records: 'received', copies: 'copies', letters: 'copies.dlq' };
const longName = (end: string): string => `${'eu-west-1.payments.orders-of-the-whole-chain.v2.'.padEnd(200 - end.length, 'x')}${end}`;

test('the verdict forms on the page, and nothing there changes anything', async () => {
  let yaml = readFileSync(join(consumers, 'system.yaml'), 'utf8');
  for (const [topic, end] of Object.entries(longNames))
    yaml = yaml.replaceAll(new RegExp(`(?<![-\\w])${topic}(?=[:,}\\]\\n])`, 'g'), longName(end));
  writeFileSync(join(folder, 'system.yaml'), yaml.replace('consumer.mjs', JSON.stringify(join(consumers, 'consumer.mjs'))));
  const main = join(projectRoot, 'src/order-lab/cli/main.ts');
  const args = [
    'crash-test',
    folder,
    '--page',
    '--minutes',
    '0.4',
    '--faults',
    'duplicate,stop',
    '--seed',
    '1',
    '--out',
    join(folder, 'out'),
  ];
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const run = execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH: path, LAB_HOME: join(folder, 'lab'), LAB_PORT: '0' },
    reject: false,
  });
  let said = '';
  run.stderr.on('data', (text) => {
    said += text;
  });
  const browser = await openBrowser();
  try {
    const url = await until(() => /the page of this run: (\S+)/.exec(said)?.[1], { what: 'the page is there' });
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    const seen = collectErrors(page);
    await page.goto(url);
    const card = page.getByTestId('crash-test');
    await card.getByRole('status').getByText('The storm: faults under load').waitFor();
    await page.getByRole('link', { name: `${longName(longNames.records)}: 2 partitions` }).waitFor();
    for (const width of [1440, 1000, 390]) {
      await page.setViewportSize({ width, height: 1000 });
      // The picture and the chart take their new width a frame after the window has it.
      await until(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), {
        what: `nothing is wider than the page of ${width}`,
      });
      assert.deepEqual(await page.evaluate(textsInTheWay), [], `at ${width}`);
    }
    for (const end of ['received', 'copies', '.dlq'])
      await page
        .locator('.topic ~ .name')
        .getByText(new RegExp(`….*${end}$`))
        .waitFor();
    await page.setViewportSize({ width: 1440, height: 1000 });
    const figure = async (name: string): Promise<number> =>
      Number((await card.getByTestId(`crash-test-${name}`).innerText()).replaceAll(',', ''));
    await until(async () => (await figure('came-in')) > 100, { what: 'the ledger was read while it goes on' });
    assert.deepEqual([await figure('lost'), await figure('repeated'), await figure('invented')], [0, 0, 0]);
    await card.getByText('So far the log agrees with').waitFor();
    await card.getByRole('listitem').filter({ hasText: '● a stop and a start under load: 1' }).waitFor();
    assert.deepEqual(await seriousViolations(page), []);
    for (const name of ['Send', 'Save this run', 'Execute']) {
      assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
    }
    await card.getByText('The run is over').waitFor();
    await card.getByText('held', { exact: true }).waitFor();
    await card.getByText('It behaves as exactly-once (in this run); it claims nothing.').waitFor();
    assert.deepEqual(seen.errors, []);
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 0, stderr);
  } finally {
    run.kill();
    await browser.close();
  }
});

/** Runs in the page: texts of the picture that touch another one or reach out of it. */
function textsInTheWay(): string[] {
  const drawing = document.querySelector('.drawing');
  const texts = [...(drawing?.querySelectorAll('text') ?? [])].map((text) => ({
    said: text.textContent,
    place: text.getBoundingClientRect(),
  }));
  const shown = texts.filter(({ place }) => place.width > 0);
  const frames = [...(drawing?.querySelectorAll('rect.topic, rect.service') ?? [])].map((frame) => frame.getBoundingClientRect());
  const touch = (a: DOMRect, b: DOMRect): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return shown.flatMap(({ said, place }, i) => {
    const frame = frames.find((one) => touch(one, place));
    const out = frame && (place.left < frame.left || place.right > frame.right) ? [`${said} reaches out`] : [];
    return [...out, ...shown.slice(i + 1).flatMap((other) => (touch(place, other.place) ? [`${said} and ${other.said}`] : []))];
  });
}
