/**
 * Writes the schemas that the manifests in deploy/kubernetes are checked against to test/deploy/schemas, out of what their projects publish:
 *
 *   ./lab node scripts/write-cluster-schemas.ts kubernetes-1.37.0 <_definitions.json of the strict schemas in PyPI's kubernetes-validate>
 *   ./lab node scripts/write-cluster-schemas.ts strimzi-1.2.0 <CustomResourceDefinition.yaml>...
 *   ./lab node scripts/write-cluster-schemas.ts keda-2.20.2 <CustomResourceDefinition.yaml>...
 *
 * Each file is one JSON Schema of `$defs` by `apiVersion/kind`. Descriptions are left out, and so is what only shapes an operator's own pods.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';

type Schema = { [key: string]: unknown };
type Definition = { spec: { group: string; names: { kind: string }; versions: { name: string; schema: { openAPIV3Schema: Schema } }[] } };

/** Kinds of Kubernetes itself that the manifests use: where they are in its definitions. */
const kinds = {
  'v1/ConfigMap': 'io.k8s.api.core.v1.ConfigMap',
  'v1/Namespace': 'io.k8s.api.core.v1.Namespace',
  'v1/Service': 'io.k8s.api.core.v1.Service',
  'apps/v1/StatefulSet': 'io.k8s.api.apps.v1.StatefulSet',
  'policy/v1/PodDisruptionBudget': 'io.k8s.api.policy.v1.PodDisruptionBudget',
};

/** `template` of an operator's resource holds whole pods; the rules of `x-` are in a language that no validator here knows. */
const isLeftOut = (key: string, value: unknown): boolean =>
  key === 'x-kubernetes-validations' || ((key === 'description' || key === 'format') && typeof value === 'string');

function trimmed(value: unknown, isCustom: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => trimmed(one, isCustom));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !isLeftOut(key, inner));
  const schema: Schema = Object.fromEntries(kept.map(([key, inner]) => [key, trimmed(inner, isCustom)]));
  const { properties } = schema;
  if (!isCustom || typeof properties !== 'object') return schema;
  const { template: _, status: __, ...fields } = properties as Schema;
  // As an API server that is asked to be strict: a field that nobody declared is a mistake.
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return { ...schema, properties: fields, ...(!open && { additionalProperties: false }) };
}

function ofKubernetes(file: string): Schema {
  const { $defs } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: Record<string, Schema> };
  const used: Record<string, unknown> = {};
  const take = (name: string): void => {
    if (name in used) return;
    const text = JSON.stringify(trimmed($defs[name], false)).replaceAll('/api/_definitions.json#', '#');
    used[name] = JSON.parse(text);
    for (const [, next = ''] of text.matchAll(/"#\/\$defs\/([^"]+)"/g)) take(next);
  };
  for (const name of Object.values(kinds)) take(name);
  const byKind = Object.entries(kinds).map(([kind, name]) => [kind, { $ref: `#/$defs/${name}` }]);
  return { ...Object.fromEntries(byKind), ...used };
}

function ofCustomResources(files: readonly string[]): Schema {
  const definitions = files.map((file) => parse(readFileSync(file, 'utf8')) as Definition);
  return Object.fromEntries(
    definitions.flatMap(({ spec: { group, names, versions } }) =>
      versions.map(({ name, schema }) => [`${group}/${name}/${names.kind}`, trimmed(schema.openAPIV3Schema, true)]),
    ),
  );
}

const [name = '', ...files] = process.argv.slice(2);
const $defs = name.startsWith('kubernetes') ? ofKubernetes(files[0] ?? '') : ofCustomResources(files);
const lines = Object.entries($defs).map(([key, schema]) => `${JSON.stringify(key)}:${JSON.stringify(schema)}`);
const text = `{"$id":${JSON.stringify(name)},"$defs":{\n${lines.join(',\n')}\n}}\n`;
writeFileSync(join(projectRoot, 'test/deploy/schemas', `${name}.json`), text);
console.log(`wrote ${name}.json, ${text.length} bytes`);
