/** A line chart as SVG text: drawn by ECharts without a browser, in colours of the page, so that it fits light and dark. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { formatValue } from './check.ts';
import { fromLogScale, toLogScale } from './log-scale.ts';

use([LineChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

/** Seconds since the run began, and a value; null is a gap in the line. */
export type Point = [seconds: number, value: number | null];
export type Line = { name: string; points: Point[] /** The sum of the other lines. */; isTotal?: boolean };

/** Something that happened, as a vertical line with its number. */
export type Mark = { atSec: number; number: number; what: string };

export type Chart = {
  lines: readonly Line[];
  marks: readonly Mark[];
  /** Name of the vertical axis. */
  unit: string;
  /** End of the time axis (s). */
  untilSec: number;
  /** For those who cannot see it. */
  describedAs: string;
  /** For values that differ by powers of ten, 0 among them. */
  isLog?: boolean;
};

const width = 960;
const plotHeight = 200;
/** ECharts puts the gap between two items also between two rows. */
const legendRowHeight = 41;
/** ECharts wants real colours: these stand for the page's own and are replaced by CSS variables in the SVG. */
export const stand = { text: '#000001', axis: '#000002', grid: '#000003', mark: '#000004', markText: '#000005' } as const;
export const lineColors = ['#100001', '#100002', '#100003', '#100004', '#100005', '#100006'];
/** Lines that lie on each other can still be told apart, also on paper without colours. */
const dashes = ['solid', 'dashed', 'dotted'] as const;

/** @returns an `<svg>` that takes the width of its place */
export function chartSvg({ lines, marks, unit, untilSec, describedAs, isLog = false }: Chart): string {
  const top = legendRows(lines) * legendRowHeight + 6;
  const option = {
    animation: false,
    color: lineColors,
    textStyle: { fontFamily: 'inherit', color: stand.text },
    grid: { left: 80, right: 24, top, bottom: 44 },
    legend: { top: 0, left: 0, itemWidth: 28, itemHeight: 3, itemGap: 26, icon: 'rect', textStyle: { color: stand.text, fontSize: 13 } },
    xAxis: {
      type: 'value',
      min: 0,
      max: untilSec,
      name: 'seconds',
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: stand.axis },
      axisLabel: { color: stand.axis, showMaxLabel: false },
      axisLine: { lineStyle: { color: stand.grid } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      name: unit,
      nameLocation: 'middle',
      nameGap: 58,
      nameTextStyle: { color: stand.axis },
      axisLabel: { color: stand.axis, formatter: (value: number) => formatValue(isLog ? fromLogScale(value) : value) },
      axisLine: { show: false },
      axisTick: { show: false },
      minInterval: 1,
      splitLine: { lineStyle: { color: stand.grid } },
    },
    series: lines.map(({ name, points, isTotal }, index) => ({
      type: 'line',
      name,
      data: isLog ? points.map(([at, value]) => [at, value === null ? null : toLogScale(value)]) : points,
      showSymbol: false,
      ...(isTotal
        ? { color: stand.text, lineStyle: { width: 2.5 } }
        : { lineStyle: { width: 2, type: dashes[Math.floor(index / 4) % dashes.length] } }),
      ...(index === 0 ? { markLine: markLine(marks) } : {}),
    })),
  };
  return svgOf(option, top + plotHeight + 44, describedAs);
}

/**
 * @param option of ECharts, in the colours that stand for those of the page
 * @param describedAs for those who cannot see it
 */
export function svgOf(option: Record<string, unknown>, height: number, describedAs: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return withPageColors(svg).replace(/<svg width="\d+" height="\d+"/, `<svg role="img" aria-label="${describedAs}"`);
}

/** ECharts wraps the legend but keeps no room for it; its letters are about 7.2 pixels wide, its icons and gaps 60. */
const legendRows = (lines: readonly Line[]): number =>
  Math.ceil(lines.reduce((sum, { name }) => sum + name.length * 7.2 + 60, 0) / (width - 40));

const markLine = (marks: readonly Mark[]): object => ({
  silent: true,
  symbol: 'none',
  lineStyle: { color: stand.mark, type: 'dashed', width: 1 },
  label: { formatter: ({ name }: { name: string }) => name, color: stand.markText, fontSize: 12, fontWeight: 'bold', distance: 2 },
  data: spread(marks).map(({ atSec, label }) => ({ xAxis: atSec, name: label })),
});

/** Marks less than a second or so apart would cover each other's numbers: they share one. */
export function spread(marks: readonly Mark[]): { atSec: number; label: string }[] {
  const last = marks.at(-1)?.atSec ?? 0;
  const nearSec = Math.max(0.5, last / 60);
  const shared: { atSec: number; numbers: number[] }[] = [];
  for (const { atSec, number } of marks) {
    const before = shared.at(-1);
    if (before && atSec - before.atSec < nearSec) before.numbers.push(number);
    else shared.push({ atSec, numbers: [number] });
  }
  return shared.map(({ atSec, numbers }) => ({ atSec, label: numbers.join(',') }));
}

/** The stand-ins become variables that the page defines for light, dark and paper. */
function withPageColors(svg: string): string {
  const variables: [string, string][] = [
    [stand.text, '--text'],
    [stand.axis, '--muted'],
    [stand.grid, '--line'],
    [stand.mark, '--mark'],
    [stand.markText, '--mark'],
    ...lineColors.map((color, index): [string, string] => [color, `--series-${index + 1}`]),
  ];
  return variables.reduce((text, [color, name]) => text.replaceAll(color, `var(${name})`), svg);
}
