/** Log lines of many processes on one terminal: a name in front of each, in its own colour, as Compose does it. */
import { styleText } from 'node:util';
import { readable } from '../../lab/supervisor/log-lines.ts';

const colors = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'cyanBright', 'yellowBright', 'greenBright', 'magentaBright'] as const;
/** `inventory-service.1` and a little more. */
const nameWidth = 20;

/**
 * @param stream where the lines go: colours only where it is a terminal and NO_COLOR is not set
 * @returns makes `inventory-service.1  | ready port=40123` of a name and a line
 */
export function linePrefixer(stream: NodeJS.WriteStream = process.stdout): (name: string, line: string) => string {
  const colorOf = new Map<string, (typeof colors)[number]>();
  return (name, line) => {
    if (!colorOf.has(name)) colorOf.set(name, colors[colorOf.size % colors.length] ?? 'cyan');
    const prefix = `${name.padEnd(nameWidth)} |`;
    return `${styleText(colorOf.get(name) ?? 'cyan', prefix, { stream })} ${readable(line)}`;
  };
}
