/** Names one burst, and so keeps its order ids apart from those of every other. */
import { randomInt } from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** @returns 8 characters of a-z, 0-9 by chance (2.8e12 of them), short because it is in every order */
export const newRunId = (): string => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
