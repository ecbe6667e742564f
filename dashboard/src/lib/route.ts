/** The part of the page that a link points at: `#records?topic=order-events&partition=2`. */

export type Route = { view: string; parameters: Record<string, string> };

/** @param hash of the address, with or without `#` */
export function parseRoute(hash: string): Route {
  const [view = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  return { view, parameters: Object.fromEntries(new URLSearchParams(search)) };
}

/** @returns the hash, with `#`; parameters without a value are left out */
export function formatRoute({ view, parameters }: Route): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  return `#${view}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`;
}
