/** Draws charts as SVG files: by ECharts without a browser, in colours that a style in the file itself sets for light and for dark. */
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { formatValue } from '../../src/lab/report/check.ts';
import type { Curve } from '../result.ts';

use([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

export type Bar = { label: string; isOurs: boolean; median: number; min: number; max: number };

const width = 860;
/** ECharts keeps no room for labels by itself (12 pixels high). */
const letterWidth = 7;
/** ECharts wants real colours: these stand for the classes of the style and are replaced by CSS variables. */
const stand = { text: '#000001', axis: '#000002', grid: '#000003' } as const;
const lineColors = ['#100001', '#100002', '#100003', '#100004', '#100005', '#100006'];
const light = {
  text: '#1c2024',
  axis: '#5b626b',
  grid: '#d8dce1',
  lines: ['#0b57d0', '#b45309', '#0f766e', '#9333ea', '#be123c', '#4d7c0f'],
};
const dark = {
  text: '#e7eaed',
  axis: '#a3abb4',
  grid: '#3a4047',
  lines: ['#8ab4f8', '#fbbf57', '#5eead4', '#d8a8ff', '#ff9aa8', '#bef264'],
};
const axisText = { axisLabel: { color: stand.axis, formatter: formatValue }, nameTextStyle: { color: stand.axis } };

/**
 * @param bars from top to bottom
 * @param unit of all of them
 * @returns a whole SVG file: one bar each, with a line from the least to the greatest round
 */
export function barsSvg(bars: readonly Bar[], unit: string, describedAs: string): string {
  const height = bars.length * 34 + 60;
  return draw(height, describedAs, {
    grid: { left: Math.max(...bars.map(({ label }) => label.length)) * letterWidth + 12, right: 40, top: 8, bottom: 44 },
    xAxis: { type: 'value', name: unit, nameLocation: 'middle', nameGap: 26, ...axisText, splitLine: { lineStyle: { color: stand.grid } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ label }) => label),
      axisLabel: { color: stand.text, fontSize: 12 },
      axisLine: { lineStyle: { color: stand.grid } },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        barWidth: 18,
        data: bars.map(({ median, isOurs }) => ({ value: median, itemStyle: { color: lineColors[isOurs ? 0 : 1] } })),
        label: {
          show: true,
          position: 'insideLeft',
          color: '#ffffff',
          fontSize: 12,
          formatter: ({ value }: { value: number }) => formatValue(value >= 100 ? Math.round(value) : value),
        },
      },
      {
        type: 'custom',
        silent: true,
        data: bars.map(({ min, max }, index) => [min, max, index]),
        // biome-ignore lint/suspicious/noExplicitAny: ECharts' own types for this are not exported from its core
        renderItem: (_: unknown, api: any) => {
          const [fromX, y] = api.coord([api.value(0), api.value(2)]);
          const [toX] = api.coord([api.value(1), api.value(2)]);
          const style = { stroke: stand.text, lineWidth: 1.5 };
          const line = (x1: number, y1: number, x2: number, y2: number) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
          return { type: 'group', children: [line(fromX, y, toX, y), line(fromX, y - 5, fromX, y + 5), line(toX, y - 5, toX, y + 5)] };
        },
      },
    ],
  });
}

/** @returns a whole SVG file */
export function curveSvg({ title, x, y, logX = false, logY = false, lines }: Curve): string {
  return draw(320, title, {
    grid: { left: 70, right: 24, top: 40, bottom: 46 },
    legend: { top: 0, left: 0, itemWidth: 22, itemHeight: 3, itemGap: 28, icon: 'rect', textStyle: { color: stand.text, fontSize: 12 } },
    xAxis: {
      type: logX ? 'log' : 'value',
      min: logX ? 'dataMin' : 0,
      max: 'dataMax',
      name: x,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: stand.axis },
      axisLabel: { color: stand.axis, formatter: formatValue, showMaxLabel: logX },
      axisLine: { lineStyle: { color: stand.grid } },
      splitLine: { show: false },
    },
    yAxis: {
      type: logY ? 'log' : 'value',
      name: y,
      nameLocation: 'middle',
      nameGap: 54,
      ...axisText,
      splitLine: { lineStyle: { color: stand.grid } },
    },
    series: lines.map(({ name, points }) => ({
      type: 'line',
      name,
      data: points,
      showSymbol: points.length < 30,
      symbolSize: 6,
      lineStyle: { width: 2 },
    })),
  });
}

function draw(height: number, describedAs: string, option: object): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    color: lineColors,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: stand.text },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  const label = describedAs.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const named = svg.replace(/<svg ([^>]*)>/, `<svg $1 role="img" aria-label="${label}"><style>${style}</style>`);
  return replaceColors(named);
}

const variables = ({ text, axis, grid, lines }: typeof light): string =>
  `svg{--text:${text};--axis:${axis};--grid:${grid};${lines.map((color, index) => `--line-${index}:${color};`).join('')}}`;
const style = `${variables(light)}@media (prefers-color-scheme:dark){${variables(dark)}}`;

function replaceColors(svg: string): string {
  const names: [string, string][] = [
    [stand.text, '--text'],
    [stand.axis, '--axis'],
    [stand.grid, '--grid'],
    ...lineColors.map((color, index): [string, string] => [color, `--line-${index}`]),
  ];
  return names.reduce((text, [color, name]) => text.replaceAll(color, `var(${name})`), svg);
}
