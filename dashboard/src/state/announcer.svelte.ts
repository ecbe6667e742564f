/** The one polite live region of the page: it tells outcomes of what a person did, never the figures of each second. */

let text = $state('');

export const announcer = {
  get text(): string {
    return text;
  },
};

/** @param message read out once by a screen reader */
export function announce(message: string): void {
  text = message;
}
