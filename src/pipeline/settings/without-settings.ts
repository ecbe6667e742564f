/** An environment for a process that must not go by the settings of its parent. Pure. */
import { declarations } from './declarations.ts';

/** What says how this machine works, not how a lab behaves. */
const kept = new Set(['LAB_CACHE', 'LOG_LEVEL', 'KAFKA_JVM_PERFORMANCE_OPTS']);

/** @returns the environment without any variable that is a setting of the project */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settings = Object.values(declarations).flatMap(({ variable, aliases, fallback }) => [
    variable,
    ...aliases,
    ...(fallback ? [fallback] : []),
  ]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.has(name) || !settings.includes(name)));
}
