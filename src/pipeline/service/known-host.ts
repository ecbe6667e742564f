/** By which names this machine may be called. A page of another site can have its own name resolved to us (DNS rebinding): it is none of them. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';

export type Hosts = {
  /** LAB_HOST. */
  labHost: string;
  /** In a network of containers, services call each other by names that no outsider can own. */
  isTrustedNetwork: boolean;
  /** LAB_ORIGIN: by its name a proxy in front of the lab is called. */
  publicOrigin?: string | undefined;
};

/**
 * An address is always allowed: only a name can be rebound. So are localhost, the machine's own name, LAB_HOST and the name in LAB_ORIGIN; in a trusted
 * network, names without a dot and those of zones that the public DNS has not (RFC 6762 `.local`, ICANN's `.internal`).
 * @param host the Host header, with or without a port; without one (HTTP/1.0) it is no browser
 */
export function isKnownHost(host: string | undefined, { labHost, isTrustedNetwork, publicOrigin }: Hosts): boolean {
  if (host === undefined) return true;
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
  const name = (bracketed ?? plain ?? '').replace(/\.$/, '');
  if (isIP(name) !== 0) return true;
  if (bracketed !== undefined || name === '') return false;
  if (publicOrigin !== undefined && name === new URL(publicOrigin).hostname) return true;
  if (name === 'localhost' || name.endsWith('.localhost') || name === labHost.toLowerCase() || name === hostname().toLowerCase())
    return true;
  return isTrustedNetwork && (!name.includes('.') || /\.(local|internal)$/.test(name));
}
