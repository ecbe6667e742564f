/** A colour for each group of a system: the same in the picture, the chart and the figures. */

const names = ['--inventory', '--analytics', '--orders', '--p3', '--p4', '--p5', '--p1', '--p2'];

/** @param index place of the group among the groups of the lab @returns the name of a CSS variable */
export const groupColour = (index: number): string => names[index % names.length] ?? '--accent';
