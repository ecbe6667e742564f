/** Held or not, as it stands in every report. */
import type { VNode } from 'preact';
import { html } from './html.ts';

export const verdictBadge = (verdict: 'held' | 'not-held' | 'inconclusive'): VNode =>
  html`<span class=${`verdict ${verdict === 'held' ? 'held' : 'broken'}`}>${words[verdict]}</span>`;

const words = { held: 'held', 'not-held': 'NOT HELD', inconclusive: 'inconclusive' } as const;
