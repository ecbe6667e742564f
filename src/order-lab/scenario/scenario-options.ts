/** The options that a scenario declares, read from the command line. Pure. */
import { parseArgs } from 'node:util';
import { usageError } from '../../lab/terminal/exit-codes.ts';
import type { Scenario, ScenarioOption } from './define-scenario.ts';

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
    Object.entries(options).map(([name, option]) => {
      const value = values[name] ?? (typeof option.default === 'function' ? option.default() : option.default);
      if (!isAllowed(option, value)) throw usageError(`--${name} ${value} is not allowed: ${allowedText(option)}`);
      return [name, value];
    }),
  );
}

function isAllowed(option: ScenarioOption, value: string): boolean {
  if ('values' in option) return option.values.includes(value);
  if ('text' in option) return /^[\w-]+$/.test(value);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return number >= option.between[0] && number <= option.between[1];
}

function allowedText(option: ScenarioOption): string {
  if ('values' in option) return option.values.join(' or ');
  return 'text' in option ? `${option.text} is of letters, digits and dashes` : `a number from ${option.between.join(' to ')}`;
}

function placeholder(option: ScenarioOption): string {
  if ('values' in option) return option.values.join('|');
  return 'text' in option ? `<${option.text}>` : `<${option.between.join('..')}>`;
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
    const known = Object.entries(options).map(([name, option]) => `--${name} ${placeholder(option)}`);
    const hint = known.length > 0 ? `this scenario takes ${known.join(', ')}` : 'this scenario takes no options of its own';
    throw usageError(`${(error as Error).message.split('. ')[0]}: ${hint}`);
  }
}
