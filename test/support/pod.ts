/**
 * A pod without Kubernetes: a process in namespaces of its own (Linux, as root), with the image's files, a root file system that cannot be written to,
 * the user, volumes, variables and probes of the manifest. What differs: it has an address of loopback instead of a network of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execaSync } from 'execa';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { entrypoint, imageFiles } from './image.ts';
import type { Container, PodSpec, Probe, Secrets } from './manifests.ts';
import { until } from './until.ts';

/** Why no pod can be started here; false where it can. */
export const lacksNamespaces: string | false =
  execaSync('unshare', ['--mount', '--pid', '--fork', 'true'], { reject: false }).failed &&
  'needs Linux, unshare and setpriv, and to run as root';

export type PodOptions = {
  /** Of the pod, `inventory-service-1`. */
  name: string;
  spec: PodSpec;
  variables: Record<string, string>;
  secrets: Secrets;
  /** Folder of all that lasts: a folder per volume. */
  folder: string;
  /** Where it listens, in 127.0.0.0/8. */
  address: string;
  /** Instead of the entrypoint of the image and the arguments of the manifest. */
  command?: string[];
};

/** Makes the root of the file system, then becomes the program, as process 1 of its own process namespace. */
const enter = `set -eu
root=$1 node=$2 ids=$3; shift 3
mount -t tmpfs -o mode=755 tmpfs "$root"
bind() { mount --bind "$1" "$root$2"; mount -o remount,bind,"$3" "$root$2"; }
for path in /bin /sbin /lib /lib64; do if [ -L $path ]; then cp -P $path "$root$path"; elif [ -d $path ]; then mkdir "$root$path"; bind $path $path ro; fi; done
mkdir -p "$root/usr" "$root/dev" "$root/proc" "$root/etc/ssl" "$root/app"
bind /usr /usr ro
bind /etc/ssl /etc/ssl ro
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
for file in hosts passwd group nsswitch.conf ld.so.cache; do if [ -e /etc/$file ]; then cp -L /etc/$file "$root/etc/"; fi; done
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root$(dirname "$2")"; : >"$root$2"; fi
  bind "$1" "$2" "$3"
  shift 3
done
shift
mkdir "$root/node"; : >"$root/node/node"; bind "$node" /node/node ro
mount -o remount,ro "$root"
uid=\${ids%%:*} gid=\${ids#*:}; group=\${gid#*:}; gid=\${gid%%:*}
exec chroot "$root" /usr/bin/setpriv --reuid "$uid" --regid "$gid" --groups "$group" --no-new-privs --bounding-set=-all --inh-caps=-all /bin/sh -c 'cd /app && exec "$@"' sh "$@"
`;

export class Pod implements AsyncDisposable {
  readonly name: string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = '';
  readonly #options: PodOptions;
  readonly #container: Container;
  readonly #process: ChildProcess;

  constructor(options: PodOptions) {
    const { name, spec, variables, address, command } = options;
    this.name = name;
    this.#options = options;
    this.#container = spec.containers[0] as Container;
    const { runAsUser, runAsGroup, fsGroup } = spec.securityContext;
    const root = join(options.folder, name, 'root');
    mkdirSync(root, { recursive: true });
    // A checkout has all packages above native/, the image those that are built in it.
    const files = imageFiles.filter((file) => existsSync(join(projectRoot, file)));
    const mounts = [...files.map((file) => [join(projectRoot, file), `/app/${file}`, 'ro']), ...this.#volumes()].flat();
    const program = command ?? [...entrypoint, ...this.#container.args];
    const args = [root, process.execPath, `${runAsUser}:${runAsGroup}:${fsGroup}`, ...mounts, '--', ...program];
    const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
    this.#process = spawn('unshare', [...namespaces, '/bin/sh', '-c', enter, 'sh', ...args], {
      env: { PATH: '/node:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...variables, LAB_HOST: address },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.on('data', (chunk) => (this.output += chunk));
    this.exited = once(this.#process, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  /** `http://address:port` */
  get url(): string {
    const [port] = this.#container.ports;
    return `http://${this.#options.address}:${port?.containerPort}`;
  }

  /** Waits until the pod gets traffic: its startup probe has succeeded once, then its readiness probe. */
  async ready(): Promise<void> {
    const { startupProbe, readinessProbe } = this.#container;
    const ended = this.exited.then((exit) => Promise.reject(new Error(`${this.name} ended: ${JSON.stringify(exit)}\n${this.output}`)));
    for (const probe of [startupProbe, readinessProbe]) {
      const deadlineMs = (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3) * 1000;
      const allowed = probe === startupProbe ? deadlineMs : 90_000;
      await Promise.race([
        until(() => this.succeeds(probe), { what: `${this.name} is ready\n${this.output}`, deadlineMs: allowed }),
        ended,
      ]);
    }
    ended.catch(() => {});
  }

  /** As a kubelet asks: an answer from 200 to 399, in time. */
  async succeeds({ httpGet: { path }, timeoutSeconds = 1 }: Probe): Promise<boolean> {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const { status } = await fetch(this.url + path, { signal, redirect: 'manual' });
    return status >= 200 && status < 400;
  }

  /** @returns whether the container is to go on living */
  isAlive(): Promise<boolean> {
    return this.succeeds(this.#container.livenessProbe);
  }

  /**
   * As Kubernetes ends a pod: preStop, SIGTERM, and SIGKILL when the grace period, in which preStop counts, is over.
   * @param onSignal called when SIGTERM is about to be sent
   * @returns how it ended
   */
  async stop(onSignal: () => void = () => {}): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const graceMs = this.#options.spec.terminationGracePeriodSeconds * 1000;
    const preStopMs = (this.#container.lifecycle?.preStop.sleep.seconds ?? 0) * 1000;
    await delay(preStopMs);
    onSignal();
    this.#signal('SIGTERM');
    const late = new AbortController();
    const killed = delay(graceMs - preStopMs, undefined, late).then(() => this.#signal('SIGKILL'));
    killed.catch(() => {});
    const exit = await this.exited;
    late.abort();
    return exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal('SIGKILL');
    await this.exited;
  }

  /** To process 1 of the pod, which is the only child of `unshare`. */
  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (this.#process.exitCode !== null || this.#process.signalCode !== null || pid === undefined) return;
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    process.kill(first ? Number(first) : pid, signal);
  }

  /** A folder per volume, with the modes that `fsGroup` gives; Secrets are written there. */
  #volumes(): string[][] {
    const { spec, secrets, folder } = this.#options;
    const { fsGroup } = spec.securityContext;
    return this.#container.volumeMounts.map(({ name, mountPath, readOnly }) => {
      const path = join(folder, this.name, name);
      mkdirSync(path, { recursive: true });
      const secret = spec.volumes?.find((volume) => volume.name === name)?.secret;
      for (const { key, path: file } of secret?.items ?? []) {
        const content = secrets[secret?.secretName ?? '']?.[key];
        if (content === undefined) throw new Error(`${this.name} mounts ${secret?.secretName}.${key}, which is not there`);
        writeFileSync(join(path, file), content);
      }
      chownSync(path, 0, fsGroup);
      chmodSync(path, 0o2775);
      return [path, mountPath, readOnly || secret ? 'ro' : 'rw'];
    });
  }
}
