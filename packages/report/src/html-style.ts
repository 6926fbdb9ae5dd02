/** The page's style sheet: light or dark by the reader's preference, texts at 7 : 1 and more, nothing loaded. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #fcfcfb; --card: #ffffff; --ink: #1a2130; --quiet: #4a5463; --line: #dfe3e8; --accent: #1b4f8c;
  --right: #0f5c2c; --wrong: #951a11; --chosen: #e6eef8;
  --chart-ink: var(--quiet); --chart-grid: var(--line);
  --series-1: #2563a8; --series-2: #c4580a; --series-3: #15803d; --series-4: #8b3fa8; --series-5: #a3214f;
  --series-6: #0e7490; --series-context: #7b8494;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161d; --card: #191f29; --ink: #e8ebf0; --quiet: #a3adbd; --line: #2c3440; --accent: #7db4ef;
    --right: #5fce86; --wrong: #f58d82; --chosen: #24344a;
    --series-1: #6ea8ec; --series-2: #f0934a; --series-3: #57c37d; --series-4: #c48ae0; --series-5: #f07ca4;
    --series-6: #4fc0d8; --series-context: #8f99a9;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 3.5rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%; overflow-wrap: anywhere;
}
main, header, footer { max-width: 64rem; margin-inline: auto; }
h1 { margin: 0; font-size: 2.1rem; line-height: 1.2; letter-spacing: -0.02em; text-wrap: balance; }
.subtitle { margin: 0.6rem 0 0; color: var(--quiet); font-size: 1.1rem; text-wrap: pretty; }
section { margin-top: 3.25rem; }
h2 { margin: 0 0 0.75rem; font-size: 1.3rem; line-height: 1.3; letter-spacing: -0.01em; }
section > p { max-width: 42rem; margin: 0 0 1rem; text-wrap: pretty; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
a { color: var(--accent); }
.wide-contents { timeline-scope: --along; }
.scroll { overflow-x: auto; scroll-timeline: --along inline; }
.hint { max-height: 0; margin: 0; overflow: hidden; color: var(--quiet); font-size: 0.8rem; animation: hint both; animation-timeline: --along; }
@keyframes hint { from, to { max-height: 2em; } }
@supports not (animation-timeline: --along) { @media (max-width: 40rem) { .hint { max-height: 2em; } } }
table { border-collapse: separate; border-spacing: 0; font-size: 0.92rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: 0.5rem 0 0.5rem 1.25rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--quiet); font-size: 0.85rem; font-weight: 500; border-bottom-color: var(--quiet); }
tbody th { font-weight: 500; }
th:first-child:not(:only-child) { position: sticky; left: 0; min-width: min(11rem, 30vw); padding-right: 0.5rem; background: var(--page); overflow-wrap: anywhere; }
th.right, td.right { text-align: right; white-space: nowrap; }
td { overflow-wrap: anywhere; }
td.left { min-width: 7rem; }
table.wide { width: 100%; }
.detail { color: var(--quiet); font-size: 0.85em; }
.notes { margin: 0.75rem 0 0; padding: 0; list-style: none; color: var(--quiet); font-size: 0.85rem; }
sup { margin-inline: 0.1em 0.2em; font-size: max(0.75em, 12px); line-height: 0; }
.charts { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
figure { margin: 0; min-width: 0; }
figcaption { margin-bottom: 0.5rem; font-weight: 500; }
svg { display: block; }
details { margin-top: 0.75rem; font-size: 0.9rem; }
summary { width: fit-content; color: var(--accent); cursor: pointer; }
.samples { display: grid; gap: 1rem; margin: 0; padding: 0; list-style: none; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
.sample { padding: 0.9rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-left: 3px solid var(--tone); border-radius: 4px; }
.sample { --tone: var(--quiet); } .sample.right { --tone: var(--right); } .sample.wrong { --tone: var(--wrong); }
.judgement { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; margin: 0 0 0.6rem; }
.verdict { color: var(--tone); font-weight: 600; }
.label { margin-left: auto; color: var(--quiet); font-size: 0.85rem; }
pre { margin: 0.5rem 0 0; font: 0.88rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.said { display: block; color: var(--quiet); font: 0.75rem/1.4 system-ui, sans-serif; }
.controls { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; font-size: 0.9rem; }
.controls label { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; align-items: baseline; }
.controls .search { flex: 1 1 16rem; } .search input { flex: 1 1 9rem; min-width: 0; }
input, select, button { padding: 0.35rem 0.6rem; max-width: 100%; background: var(--card); color: inherit; border: 1px solid var(--quiet); border-radius: 4px; font: inherit; }
button { margin-top: 1rem; font-size: 0.9rem; cursor: pointer; }
.found { margin: 0.75rem 0; color: var(--quiet); font-size: 0.9rem; }
.panes { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) minmax(0, 1.8fr); align-items: start; }
.list { position: sticky; top: 1rem; height: min(40rem, 85vh); overflow-y: auto; border: 1px solid var(--line); border-radius: 4px; font-size: 0.85rem; line-height: 1.3; }
.list > div { position: relative; overflow: hidden; }
[role="option"] { position: absolute; left: 0; right: 0; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.75rem; align-content: center; padding: 0 0.75rem; border-bottom: 1px solid var(--line); cursor: pointer; }
[role="option"] > span { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
[role="option"][aria-selected="true"] { background: var(--chosen); box-shadow: inset 3px 0 var(--accent); }
.id { font-weight: 500; } .mean, .prompt, .count { color: var(--quiet); } .mean, .count { text-align: right; }
[aria-selected="true"] > span { color: var(--ink); }
.panes .samples { margin-top: 1rem; grid-template-columns: minmax(0, 1fr); }
.several .panes { grid-template-columns: minmax(0, 1fr) minmax(0, 3fr); }
.systems { display: grid; gap: 1.25rem; margin-top: 1rem; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); }
.systems .label { display: none; } .systems .detail { margin: 0; }
h4 { margin: 0; font-size: 1rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1.1rem; line-height: 1.3; }
[hidden] { display: none !important; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.85rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 40rem) {
  body { padding: 2rem 1rem 3rem; }
  .panes, .several .panes { grid-template-columns: minmax(0, 1fr); }
  .list { position: static; height: 16rem; }
}
@media print {
  body { padding: 0; background: none; }
  section { margin-top: 2rem; }
  figure, .sample, tr { break-inside: avoid; }
  .hint, nav { display: none; }
}
`
