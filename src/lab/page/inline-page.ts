/** Makes one file of the page as it was built for recordings: its script, its style sheet and its icon stand in the document itself. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noticesName } from './notices.ts';

/** Where what is recorded is put in: an element of its own, before the script that reads it. */
export const recordingMark = '<!--recording-->';

/**
 * @param html the built document
 * @param read gives the text of a file that it names, such as `./assets/index.js`, and of the notices
 * @returns a document that asks for nothing, and by its own policy may not: neither scripts nor pictures from elsewhere, no calls
 */
export function inlinePage(html: string, read: (path: string) => string): string {
  let script = '';
  const body = html
    .replace(/<script type="module"[^>]* src="([^"]+)"><\/script>/, (_all, path: string) => {
      script = read(path).replaceAll('</script', '<\\/script');
      return '';
    })
    .replace(
      /<link rel="stylesheet"[^>]* href="([^"]+)">/,
      (_all, path: string) => `<style>${read(path).replaceAll('</style', '<\\/style')}</style>`,
    )
    .replace(/<link rel="icon" href="([^"]+\.svg)"/, (_all, path: string) => {
      const data = Buffer.from(read(path)).toString('base64');
      return `<link rel="icon" href="data:image/svg+xml;base64,${data}"`;
    });
  // Whoever is given the file is given the licences of what is in it; the page shows them.
  const notices = `<script type="text/markdown" id="third-party">\n${read(noticesName).replaceAll('</script', '<\\/script')}</script>`;
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return body
    .replace('<head>', () => `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`)
    .replace('</body>', () => `${notices}\n    ${recordingMark}\n    <script type="module">${script}</script>\n  </body>`);
}

/** @param folder of the page, built in the mode `recording` */
export const inlineBuiltPage = (folder: string): string =>
  inlinePage(readFileSync(join(folder, 'index.html'), 'utf8'), (path) => readFileSync(join(folder, path), 'utf8'));
