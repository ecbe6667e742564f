/** The control that the guided tour is about: it comes first among the controls, so that picture, tour and control are in sight together. */

let name = $state<string | null>(null);

export const wantedControl = {
  /** Its `data-tour`, or null. */
  get name(): string | null {
    return name;
  },
  set name(wanted: string | null) {
    name = wanted;
  },
};
