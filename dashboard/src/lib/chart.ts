/** The lag chart: ECharts with only the parts that a line with marks needs. Loaded after the first paint. */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { count, short, timeOfDay } from './format.ts';
import type { Line, MarkGroup } from './timeline.ts';

echarts.use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export type ChartData = {
  lines: readonly (Line & { colour: string; dashed?: boolean })[];
  marks: readonly MarkGroup[];
  fromMs: number;
  toMs: number;
  /** Where a recording is; null where it is now. */
  nowMs: number | null;
};
export type LagChart = { draw(data: ChartData): void; resize(): void; dispose(): void };

/** @param element that it fills; it needs a size */
export function createLagChart(element: HTMLElement): LagChart {
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  let shown = '';
  return {
    draw(data) {
      const lines = data.lines.map(({ id }) => id).join();
      // A tooltip that is open points into the lines that go (ECharts fails on it: getRawIndex of undefined).
      if (lines !== shown) chart.dispatchAction({ type: 'hideTip' });
      chart.setOption(optionOf(data, colours(element)), { replaceMerge: ['series'], lazyUpdate: lines === shown });
      shown = lines;
    },
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  };
}

type Colours = {
  fontSize: number;
  fontFamily: string;
  text: string;
  muted: string;
  line: string;
  panel: string;
  value: (name: string) => string;
};

/** Read again at each drawing: the scheme of the system may have changed, and a canvas inherits nothing. */
function colours(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.78;
  return {
    fontSize,
    fontFamily: style.fontFamily,
    text: value('--text'),
    muted: value('--muted'),
    line: value('--line'),
    panel: value('--panel'),
    value,
  };
}

function optionOf({ lines, marks, fromMs, toMs, nowMs }: ChartData, { fontSize, fontFamily, text, muted, line, panel, value }: Colours) {
  /** Under three minutes the seconds matter. */
  const zoomed = toMs - fromMs < 180_000;
  const markLine = {
    silent: true,
    symbol: 'none',
    animation: false,
    label: { formatter: ({ name }: { name: string }) => name, color: text, fontSize, rotate: 0, position: 'end', distance: 4 },
    data: [
      ...marks.map(({ atMs, label }) => ({
        name: label,
        xAxis: atMs,
        lineStyle: { color: muted, type: [3, 4], width: 1 },
        // In the middle over its line it would be cut off at the end of the chart.
        ...((atMs - fromMs) / (toMs - fromMs) > 0.94 && { label: { align: 'right' } }),
      })),
      ...(nowMs === null ? [] : [{ name: '', xAxis: nowMs, lineStyle: { color: value('--accent'), type: 'solid', width: 2 } }]),
    ],
  };
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: { left: 8, right: 28, top: fontSize * 2.2, bottom: 4, containLabel: true },
    xAxis: {
      type: 'time',
      min: fromMs,
      max: toMs,
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      axisLabel: { color: muted, fontSize, hideOverlap: true, formatter: (ms: number) => timeOfDay(ms).slice(0, zoomed ? 8 : 5) },
      minInterval: zoomed ? 10_000 : 60_000,
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: ({ max }: { max: number }) => Math.max(10, max),
      splitNumber: 4,
      minInterval: 1,
      axisLabel: { color: muted, fontSize, formatter: (n: number) => short(n), showMaxLabel: false },
      splitLine: { lineStyle: { color: line } },
    },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: panel,
      borderColor: line,
      textStyle: { color: text, fontSize },
      formatter: (points: { seriesName: string; value: [number, number | null] }[]) =>
        [timeOfDay(points[0]?.value[0] ?? 0), ...points.map((point) => `${point.seriesName}  ${count(point.value[1])}`)].join('\n'),
    },
    series: lines.map(({ id, name, colour, dashed, points }, i) => ({
      id,
      name,
      type: 'line',
      data: points,
      showSymbol: false,
      emphasis: { disabled: true },
      lineStyle: { color: value(colour), width: 2, type: dashed ? 'dashed' : 'solid' },
      itemStyle: { color: value(colour) },
      areaStyle: dashed ? undefined : { color: value(colour), opacity: 0.07 },
      ...(i === 0 && { markLine }),
    })),
  };
}
