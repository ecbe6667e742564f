/** HTML as tagged templates that escape what is put into them (htm on Preact); nothing here ever runs in the browser. */
import { html as tagged } from 'htm/preact';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

export const html = tagged as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** @param markup SVG that was made here: it is not escaped */
export const raw = (markup: string): VNode => html`<div class="chart" dangerouslySetInnerHTML=${{ __html: markup }} />`;

/**
 * @param title of the page
 * @param body its content
 * @returns a whole document that needs no other file
 */
export const documentText = (title: string, body: VNode): string =>
  `<!doctype html>\n${renderToString(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <style dangerouslySetInnerHTML=${{ __html: pageStyle }} />
    </head>
    <body>${body}</body>
  </html>`)}\n`;

const light = `
  --page: #ffffff; --panel: #f6f7f9; --text: #1c2024; --muted: #5b626b; --line: #d8dce1; --link: #0b57d0;
  --good: #116329; --good-back: #dff3e4; --bad: #a40e26; --bad-back: #fde4e7; --mark: #7a3e9d;
  --series-1: #0b57d0; --series-2: #b45309; --series-3: #0f766e; --series-4: #9333ea; --series-5: #be123c; --series-6: #4d7c0f;`;
const dark = `
  --page: #14171a; --panel: #1d2125; --text: #e7eaed; --muted: #a3abb4; --line: #3a4047; --link: #8ab4f8;
  --good: #7ee2a0; --good-back: #12351f; --bad: #ff9aa8; --bad-back: #451a21; --mark: #d7a6f5;
  --series-1: #8ab4f8; --series-2: #fbbf57; --series-3: #5eead4; --series-4: #d8a8ff; --series-5: #ff9aa8; --series-6: #bef264;`;

const pageStyle = `
:root { ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1040px; padding: 24px 20px 48px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 8px; }
h3 { font-size: 15px; margin: 20px 0 4px; }
p { margin: 4px 0 12px; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 12px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
.verdict { display: inline-block; border-radius: 4px; padding: 0 8px; font-weight: 600; white-space: nowrap; }
.held { color: var(--good); background: var(--good-back); }
.broken { color: var(--bad); background: var(--bad-back); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; min-width: 5em; }
th { color: var(--muted); font-weight: 600; font-size: 13px; }
td.number, th.number { text-align: right; white-space: nowrap; }
td code { overflow-wrap: anywhere; }
.result { color: var(--muted); }
.commands { margin: 4px 0 0; padding: 0; list-style: none; }
.commands code::before { content: "$ "; color: var(--muted); }
.remark td { background: var(--panel); padding-left: 10px; }
.chart { overflow-x: auto; }
.chart svg { display: block; width: 100%; min-width: 640px; height: auto; }
.marks { margin: 4px 0 0; padding: 0; list-style: none; columns: 2; font-size: 13px; color: var(--muted); }
.marks b { color: var(--mark); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 0 32px; }
.differs td { background: var(--bad-back); }
@media (max-width: 640px) { .marks { columns: 1; } }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h2 { break-after: avoid; }
  tr, .chart, .marks li { break-inside: avoid; }
  h3 { break-after: avoid; }
  .chart svg { min-width: 0; }
  pre, .verdict { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  code, pre { font-size: 10px; }
}
`;
