/** Which charts a part's result becomes. Pure. */
import type { PartResult } from '../result.ts';
import { type Bar, barsSvg, curveSvg } from './svg.ts';

export type Chart = { /** As seen from RESULTS.md. */ file: string; title: string; svg: string };

/** @returns bars for what has a peer, one chart per unit of speed; a line chart per curve */
export function chartsOf({ part, title, measures, curves = [] }: PartResult): Chart[] {
  const compared = measures.filter(({ peer, better, name }) => peer && better === 'higher' && !name.includes('second half'));
  const units = [...new Set(compared.map(({ unit }) => unit))];
  const bars = units.map((unit) => {
    const rows = new Map<string, Bar>();
    for (const { ours, peer } of compared.filter((measure) => measure.unit === unit)) {
      const { name = 'ours' } = ours;
      rows.set(name, { label: name, isOurs: true, ...ours });
      // Ours against another one of ours: that one has its bar.
      if (peer && !rows.get(peer.name)?.isOurs) rows.set(peer.name, { label: peer.name, isOurs: false, ...peer });
    }
    const about = `${title}, ${unit}`;
    return { file: `charts/${part}.svg`, title: about, svg: barsSvg([...rows.values()], unit, about) };
  });
  return [...bars, ...curves.map((curve) => ({ file: `charts/${curve.file}.svg`, title: curve.title, svg: curveSvg(curve) }))];
}
