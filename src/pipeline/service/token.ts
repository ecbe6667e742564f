/** LAB_TOKEN and the token in lab.json: compared so that the time tells nothing about them. */
import { hash, timingSafeEqual } from 'node:crypto';

/** @returns whether the Authorization header of a call holds one of the tokens, as `Bearer <token>` */
export const holdsToken = (authorization: string | undefined, tokens: readonly string[]): boolean =>
  // All are compared, and digests of one length, so that neither a match nor a length is told.
  tokens.map((token) => timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))).includes(true);

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
