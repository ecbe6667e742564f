/** How wide texts are in the font of the page. */
import type { WidthOf } from './fit-text.ts';

const context = document.createElement('canvas').getContext('2d');

/** @param font weight and size as in CSS, such as `700 13px`, in units of the drawing */
export const textWidth =
  (font: string): WidthOf =>
  (text) => {
    if (!context) return text.length * Number.parseFloat(font.split(' ').at(-1) ?? '') * 0.6;
    context.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
    return context.measureText(text).width;
  };
