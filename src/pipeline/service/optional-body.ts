/** For routes whose body may be left out because all of its fields may be. */

/** A `preValidation` hook: no body means an empty object. */
export async function emptyBodyIsEmptyObject(request: { body: unknown }): Promise<void> {
  request.body ??= {};
}
