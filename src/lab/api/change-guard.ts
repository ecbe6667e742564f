/** Who may change a lab: its own page, or whoever holds the token. A pure decision, so that it can be tested case by case. */
import { holdsToken } from '../../pipeline/service/token.ts';

export type Caller = {
  /** Address of the other end of the connection. */
  ip: string;
  host: string | undefined;
  origin: string | undefined;
  secFetchSite: string | undefined;
  authorization: string | undefined;
};

export type Guard = {
  /** Any of these will do: the one in lab.json, and LAB_TOKEN where it is set. */
  tokens: readonly string[];
  /** Names under which the lab's own page is served, with the port: a name that merely resolves to us (DNS rebinding) is none. */
  hosts: readonly string[];
  /** LAB_ORIGIN: where the page is served by a proxy in front of the lab, `https://lab.example.org`. */
  publicOrigin?: string | undefined;
};

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** @returns `null` when the call may change something, or why it may not */
export function refuseChange(caller: Caller, { tokens, hosts, publicOrigin }: Guard): string | null {
  if (holdsToken(caller.authorization, tokens)) return null;
  if (caller.authorization !== undefined) return 'the token in the Authorization header is wrong';
  if (caller.origin === undefined)
    return "a call that changes something needs the lab's own page, or the token in lab.json: Authorization: Bearer <token>";
  if (!loopback.test(caller.ip)) return 'a call from another machine needs LAB_TOKEN: Authorization: Bearer <token>';
  const origin = caller.origin.toLowerCase();
  // A proxy hands on the name that it was called by, or puts its own in.
  if (origin !== publicOrigin?.toLowerCase()) {
    if (caller.host === undefined || !hosts.includes(caller.host.toLowerCase()))
      return `the Host of the call, ${caller.host}, is not this lab`;
    if (origin !== `http://${caller.host.toLowerCase()}`) {
      return `a page of another site may not change anything here: it is of ${caller.origin}, this lab is http://${caller.host}; where a proxy serves it there, start the lab with LAB_ORIGIN=${caller.origin}`;
    }
  }
  if (caller.secFetchSite !== undefined && caller.secFetchSite !== 'same-origin')
    return 'a page of another site may not change anything here';
  return null;
}

/** @returns every `host:port` under which a browser on this machine reaches the lab */
export const ownHosts = (host: string, port: number): string[] =>
  ['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host.toLowerCase()].map((name) => `${name}:${port}`);
