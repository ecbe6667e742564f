/** The recording beside a report: the page of the lab as it was, to be played back. */
import type { VNode } from 'preact';
import { html } from './html.ts';

export const recordingFileName = 'recording.html';

/** @param part of labs that were followed by another one, from 1 @returns `recording-1.html` */
export const partName = (part: number): string => `recording-${part}.html`;

/** @param isThere whether it was written @returns a line with the link, or nothing */
export const recordingLink = (isThere: boolean): VNode | null =>
  isThere
    ? html`<p><a href=${recordingFileName}><b>Play this run back</b></a>: the page of the lab, second by second, in one file that needs neither lab nor network.</p>`
    : null;
