/** A digest as people compare it, on the page and in what happened. Pure, and without imports: the page takes it too. */

/** @returns its first 16 digits */
export const shortDigest = ({ digest }: { digest: string }): string => digest.replace('sha256:', '').slice(0, 16);
