/** Where in a YAML file something stands, so that what is wrong with it can be found in an editor. */
import { type Document, isMap, isNode, isPair, LineCounter, type ParsedNode, parseDocument } from 'yaml';

export type Place = { line: number; column: number };
export type Path = readonly (string | number)[];

/** A YAML file with the places of what it says. */
export type PlacedYaml = {
  value: unknown;
  /** Why it is no YAML. */
  errors: (Place & { text: string })[];
  /** @returns where the value stands, or what is nearest around it */
  placeOf(path: Path): Place;
  /** @returns where the name of a property stands */
  placeOfKey(path: Path, key: string): Place;
};

/** @param text of a file */
export function placedYaml(text: string): PlacedYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = document.errors.map(({ pos, message }) => ({ ...at(pos[0]), text: message.replaceAll('\n', ' ') }));
  return {
    value: errors.length > 0 ? undefined : document.toJS(),
    errors,
    placeOf: (path) => at(startOf(document, path)),
    placeOfKey: (path, key) => {
      const node = nodeAt(document, path);
      const pair = isMap(node) ? node.items.find((item) => isPair(item) && String(item.key) === key) : undefined;
      const keyNode = pair?.key;
      return at(isNode(keyNode) && keyNode.range ? keyNode.range[0] : startOf(document, path));
    },
  };
}

const nodeAt = (document: Document.Parsed, path: Path): ParsedNode | null | undefined =>
  path.length === 0 ? document.contents : (document.getIn(path, true) as ParsedNode | undefined);

function startOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
