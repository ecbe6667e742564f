/** Which tab of "Look inside" is open, kept in the address so that it can be linked and survives a reload. */
import { formatRoute, parseRoute, type Route } from '../lib/route.ts';

let current = $state<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  current = parseRoute(location.hash);
});

export const route = {
  get view(): string {
    return current.view;
  },
  get parameters(): Record<string, string> {
    return current.parameters;
  },
  /** Opens a view; a change of its parameters only leaves no step in the history. */
  go(view: string, parameters: Record<string, string> = {}): void {
    const hash = formatRoute({ view, parameters });
    if (view === current.view) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    current = { view, parameters };
  },
};
