/** Text of anybody's for a terminal: nothing in it can break the line, steer the terminal, or turn the direction of reading. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the terminal
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** @returns the text on one line, control and direction characters as `\u001b`: what JSON reads as the same */
export const oneLine = (text: string): string => text.replaceAll(unsafe, escaped);

/** @returns the same with its lines as they are: for JSON that is laid out, where a line break only stands between tokens */
export const lines = (text: string): string =>
  text.replaceAll(unsafe, (character) => (character === '\n' ? character : escaped(character)));
