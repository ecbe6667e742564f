/** Tells 405 from 404: which methods a path would answer to. */

/** @returns whether `path` fits a route pattern such as `/replay/:id` or `/docs/static/*` */
export function matchesPattern(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.at(-1) === '*') return given.length >= wanted.length && wanted.slice(0, -1).every((part, i) => fits(part, given[i]));
  return wanted.length === given.length && wanted.every((part, i) => fits(part, given[i]));
}

const fits = (part: string, given: string | undefined): boolean => (part.startsWith(':') ? Boolean(given) : part === given);

/**
 * @param routes pattern -> methods
 * @param path path of the request, without the query
 * @returns the methods that this path answers to, sorted; none where the path is not known
 */
export function allowedMethods(routes: ReadonlyMap<string, ReadonlySet<string>>, path: string): string[] {
  const methods = new Set<string>();
  for (const [pattern, own] of routes) {
    if (matchesPattern(pattern, path)) for (const method of own) methods.add(method);
  }
  return [...methods].sort();
}
