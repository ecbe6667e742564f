/** The variables by which the processes of a system are let in by a Kafka that is not the lab's own: the same that the lab goes by. Pure. */
import { declarations, type SettingName, type Settings } from '../../../pipeline/settings/declarations.ts';

const securitySettings: readonly SettingName[] = [
  'securityProtocol',
  'saslMechanism',
  'saslUsername',
  'saslPassword',
  'sslCa',
  'sslCert',
  'sslKey',
];

/** @returns those that are set */
export const securityOf = (settings: Settings): Record<string, string> =>
  Object.fromEntries(
    securitySettings.flatMap((name) => {
      const value = settings[name];
      return value === undefined || value === 'plaintext' ? [] : [[declarations[name].variable, String(value)]];
    }),
  );
