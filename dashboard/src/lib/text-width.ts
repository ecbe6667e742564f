/** How wide texts are in the font of the page. */
import type { WidthOf } from './fit-text.ts';

const context = document.createElement('canvas').getContext('2d');

/** Asked for once: it is the same for all of the page, and for as long as it is open. */
let family: string | undefined;

/** @param font weight and size as in CSS, such as `700 13px`, in units of the drawing */
export const textWidth =
  (font: string): WidthOf =>
  (text) => {
    if (!context) return text.length * Number.parseFloat(font.split(' ').at(-1) ?? '') * 0.6;
    family ??= getComputedStyle(document.body).fontFamily;
    context.font = `${font} ${family}`;
    return context.measureText(text).width;
  };
