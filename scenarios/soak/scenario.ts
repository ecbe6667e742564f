import { checkLedger } from '../../src/order-lab/scenario/check-ledger.ts';
import { defineScenario } from '../../src/order-lab/scenario/define-scenario.ts';
import { flatness } from '../../src/order-lab/scenario/load/flatness.ts';

const warmUp = 100;
/** Before this nobody is warm: compilers, caches and pools fill (share of the whole). */
const warmUpShare = 0.25;
const megabyte = 1024 * 1024;
/** What a log may take with its three older files, 10 MB each, and one line more. */
const mostLogBytes = 41 * megabyte;
/** More than this over the time that is measured, and memory is not flat (share of the mean). */
const mostGrowth = 0.1;

export default defineScenario({
  title: 'Soak: the same load for a long time',
  summary: 'Memory, open files, logs and the time from accepted to visible, under a steady load: flat.',
  exercises: [],
  options: {
    minutes: { between: [0.5, 1440], default: '1', help: 'how long orders come' },
    rate: { between: [10, 20_000], default: '2000', help: 'orders per second' },
  },
  async run({ lab, check, compare, say, options }) {
    const [minutes, ratePerSec] = [Number(options.minutes), Number(options.rate)];
    const count = Math.round(minutes * 60 * ratePerSec);
    say('some orders first: the first transaction of a new Kafka takes a second or more');
    await lab.burst(warmUp);
    await lab.waitDrained();
    const resources = lab.watchResources();
    const { produced } = await lab.burst(count, { ratePerSec });
    const { samples, logBytes, visibleMs } = await resources.finish();
    check('Kafka has acknowledged every order', { measured: produced, equals: count, lookAt: './lab logs kafka' });

    const fromMs = (samples[0]?.atMs ?? 0) + minutes * 60_000 * warmUpShare;
    const warm = samples.filter(({ atMs }) => atMs >= fromMs);
    for (const name of [...new Set(samples.flatMap(({ processes }) => processes.map((one) => one.name)))]) {
      const points = warm.flatMap(({ atMs, processes }) => processes.filter((one) => one.name === name).map((one) => ({ atMs, ...one })));
      const memory = flatness(points.map(({ atMs, rssBytes }) => ({ atMs, value: rssBytes / megabyte })));
      check(`resident memory of ${name} is flat`, {
        measured: memory.growth * 100,
        atMost: mostGrowth * 100,
        unit: '% of its mean, over the time measured',
        detail: `mean ${memory.mean.toFixed(0)} MiB, slope ${memory.perMinute.toFixed(2)} MiB a minute, from ${memory.least.toFixed(0)} to ${memory.most.toFixed(0)} MiB in ${points.length} samples`,
        lookAt: './lab ps',
      });
      const handles = flatness(points.flatMap(({ atMs, handles: open }) => (open === undefined ? [] : [{ atMs, value: open }])));
      check(`open files of ${name} are flat`, {
        measured: handles.growth * 100,
        atMost: mostGrowth * 100,
        unit: '% of their mean',
        detail: `mean ${handles.mean.toFixed(0)}, from ${handles.least} to ${handles.most}`,
        lookAt: 'ls /proc/<pid>/fd | wc -l',
      });
    }
    const [largest, bytes] = Object.entries(logBytes).sort(([, a], [, b]) => b - a)[0] ?? ['none', 0];
    check('no log takes more than its rotation allows', {
      measured: bytes / megabyte,
      atMost: mostLogBytes / megabyte,
      unit: 'MiB',
      detail: `${largest} with its older files; ${Object.keys(logBytes).length} logs`,
      lookAt: 'ls -l .lab/logs',
    });
    check('from accepted to visible in metrics, 99 of 100 looks', {
      measured: visibleMs.p99,
      atMost: 2000,
      unit: 'ms',
      detail: `median ${visibleMs.p50} ms, longest ${visibleMs.most} ms; each of ${visibleMs.looks} looks is the mean of the orders that became visible last`,
      lookAt: "curl -s -H 'accept: text/plain' http://127.0.0.1:8002/metrics",
    });

    await lab.waitDrained(undefined, { withinSec: 300 });
    checkLedger(check, await lab.ledger(), warmUp + count);
    const { before, after, identical } = await lab.replayByReset();
    compare('Before and after a replay', before, after);
    check('the digest is the same after a replay', { measured: identical, equals: true, lookAt: './lab replay' });
  },
});
