/** The options that a scenario declares, read from the command line. Pure. */
import { parseArgs } from 'node:util';
import { usageError } from '../cli/exit-codes.ts';
import type { Scenario } from './define-scenario.ts';

/**
 * @param scenario declares its options
 * @param args `--outcomes random`, `--outcomes=random`
 * @returns every option of the scenario, as given or by default
 * @throws ReplaygroundError `usage`: which is wrong, what is allowed
 */
export function scenarioOptions({ options = {} }: Pick<Scenario, 'options'>, args: readonly string[]): Record<string, string> {
  const declared = Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' as const }]));
  const values = parse(declared, args, options);
  return Object.fromEntries(
    Object.entries(options).map(([name, { values: allowed, default: fallback }]) => {
      const value = values[name] ?? fallback;
      if (!allowed.includes(value)) throw usageError(`--${name} ${value} is not allowed: ${allowed.join(' or ')}`);
      return [name, value];
    }),
  );
}

function parse(
  declared: Record<string, { type: 'string' }>,
  args: readonly string[],
  options: NonNullable<Scenario['options']>,
): Record<string, string | undefined> {
  try {
    return parseArgs({ args: [...args], options: declared, strict: true, allowPositionals: false }).values as Record<
      string,
      string | undefined
    >;
  } catch (error) {
    const known = Object.entries(options).map(([name, { values }]) => `--${name} ${values.join('|')}`);
    const hint = known.length > 0 ? `this scenario takes ${known.join(', ')}` : 'this scenario takes no options of its own';
    throw usageError(`${(error as Error).message.split('. ')[0]}: ${hint}`);
  }
}
