/** One picture of figures that a scenario has measured, as SVG text: lines where what they are over is a number, else bars side by side. */
import { BarChart } from 'echarts/charts';
import { use } from 'echarts/core';
import { lineColors, stand, svgOf } from './chart.ts';
import { formatValue } from './check.ts';

use([BarChart]);

export type Picture = {
  title: string;
  /** What the figures are over: numbers of workers, names of changes. */
  over: { name: string; values: readonly (number | string)[] };
  /** Name of the vertical axis. */
  unit: string;
  /** As many values as there are in `over`. */
  series: readonly { name: string; values: readonly number[] }[];
};

const plotHeight = 220;
const legendHeight = 47;

/** @returns an `<svg>` that takes the width of its place */
export function pictureSvg({ title, over, unit, series }: Picture): string {
  const isNumber = over.values.every((value) => typeof value === 'number');
  const axisName = { name: over.name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: stand.axis } };
  const option = {
    animation: false,
    color: lineColors,
    textStyle: { fontFamily: 'inherit', color: stand.text },
    grid: { left: 80, right: 24, top: legendHeight, bottom: 44 },
    legend: { top: 0, left: 0, itemWidth: 28, itemHeight: 3, itemGap: 26, icon: 'rect', textStyle: { color: stand.text, fontSize: 13 } },
    xAxis: {
      ...axisName,
      ...(isNumber ? { type: 'value', min: 0, minInterval: 1 } : { type: 'category', data: over.values }),
      axisLabel: { color: stand.axis, ...(isNumber ? {} : { interval: 0 }) },
      axisLine: { lineStyle: { color: stand.grid } },
      splitLine: { show: false },
    },
    yAxis: {
      ...{ type: 'value', min: 0, name: unit, nameLocation: 'middle', nameGap: 58, nameTextStyle: { color: stand.axis } },
      axisLabel: { color: stand.axis, formatter: formatValue },
      splitLine: { lineStyle: { color: stand.grid } },
    },
    series: series.map(({ name, values }, index) => ({
      name,
      ...(isNumber
        ? {
            type: 'line',
            symbol: 'circle',
            symbolSize: 8,
            lineStyle: { width: 2 },
            data: values.map((value, at) => [over.values[at], value]),
          }
        : { type: 'bar', barMaxWidth: 40, data: values }),
      label: {
        show: true,
        // Where two lines meet, their figures stand apart.
        position: isNumber && index === 0 ? 'bottom' : 'top',
        color: stand.text,
        fontSize: 12,
        formatter: ({ value }: { value: number | number[] }) => formatValue([value].flat().at(-1) ?? 0),
      },
    })),
  };
  return svgOf(option, legendHeight + plotHeight + 44, title);
}
