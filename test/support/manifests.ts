/** The manifests of deploy/kubernetes, put together by Kustomize itself, and what a pod gets by them. */
import { join } from 'node:path';
import { execaSync } from 'execa';
import { parseAllDocuments } from 'yaml';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { imageEnvironment } from './image.ts';

export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  data?: Record<string, string>;
};

type Reference = { name: string; key: string };
export type Variable = {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: Reference; configMapKeyRef?: Reference; fieldRef?: { fieldPath: string } };
};
export type Probe = {
  httpGet: { path: string; port: string };
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
};
export type Container = {
  name: string;
  image: string;
  args: string[];
  ports: { name: string; containerPort: number }[];
  envFrom: { configMapRef: { name: string } }[];
  env: Variable[];
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  startupProbe: Probe;
  readinessProbe: Probe;
  livenessProbe: Probe;
  lifecycle?: { preStop: { sleep: { seconds: number } } };
  securityContext: Record<string, unknown>;
};
export type PodSpec = {
  containers: Container[];
  volumes?: { name: string; emptyDir?: object; secret?: { secretName: string; items: { key: string; path: string }[] } }[];
  securityContext: { runAsUser: number; runAsGroup: number; fsGroup: number };
  terminationGracePeriodSeconds: number;
} & Record<string, unknown>;
export type StatefulSet = Manifest & {
  spec: {
    replicas?: number;
    ordinals: { start: number };
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
    volumeClaimTemplates?: { metadata: { name: string } }[];
  };
};

/** Kustomize by itself or as a part of kubectl, whichever is on this machine. */
const builder = [
  ['kustomize', 'build'],
  ['kubectl', 'kustomize'],
].find(([program = '']) => execaSync('which', [program], { reject: false }).exitCode === 0);

/** Why manifests cannot be put together on this machine; false where they can. */
export const lacksKustomize: string | false = builder === undefined && 'needs kustomize or kubectl, and neither is on PATH';

/** @returns all resources of a folder of deploy/kubernetes */
export function compose(folder: string): Manifest[] {
  const [program = 'kustomize', ...args] = builder ?? [];
  const { stdout } = execaSync(program, [...args, join(projectRoot, 'deploy/kubernetes', folder)]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

export const ofKind = <T extends Manifest = Manifest>(manifests: readonly Manifest[], kind: string): T[] =>
  manifests.filter((one) => one.kind === kind) as T[];

/** What the cluster holds beside the manifests: the contents of Secrets. */
export type Secrets = Record<string, Record<string, string>>;

/**
 * @param ordinal the pod's number
 * @returns the variables of a pod's container, as Kubernetes and the image give them
 * @throws Error where a reference leads nowhere, as the pod would not begin then
 */
export function variablesOf(set: StatefulSet, ordinal: number, manifests: readonly Manifest[], secrets: Secrets): Record<string, string> {
  const [{ env, envFrom }] = set.spec.template.spec.containers as [Container];
  const dataOf = (name: string) => ofKind(manifests, 'ConfigMap').find(({ metadata }) => metadata.name === name)?.data;
  const found = (value: string | undefined, what: string): string => {
    if (value === undefined) throw new Error(`${set.metadata.name} refers to ${what}, which is not there`);
    return value;
  };
  const textOf = ({ name, value, valueFrom }: Variable): string => {
    const { secretKeyRef: secret, configMapKeyRef: map, fieldRef } = valueFrom ?? {};
    if (secret) return found(secrets[secret.name]?.[secret.key], `Secret ${secret.name}.${secret.key}`);
    if (map) return found(dataOf(map.name)?.[map.key], `ConfigMap ${map.name}.${map.key}`);
    if (fieldRef?.fieldPath === "metadata.labels['apps.kubernetes.io/pod-index']") return String(ordinal);
    return found(value, fieldRef?.fieldPath ?? `a value of ${name}`);
  };
  return {
    ...imageEnvironment,
    HOSTNAME: `${set.metadata.name}-${ordinal}`,
    ...Object.assign({}, ...envFrom.map(({ configMapRef: { name } }) => found(dataOf(name) as never, `ConfigMap ${name}`) as never)),
    ...Object.fromEntries(env.map((variable) => [variable.name, textOf(variable)])),
  };
}
