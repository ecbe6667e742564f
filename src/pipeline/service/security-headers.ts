/** Headers of every answer: no guessing of types, no frames, no referrer, no use by other sites. An API answer needs no script at all. */

export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The Content-Security-Policy of what is no page. */
export const nothingAllowed = "default-src 'none'; frame-ancestors 'none'";

/** All of them, for answers that do not go through an app. */
export const plainAnswerHeaders = { ...securityHeaders, 'content-security-policy': nothingAllowed } as const;
