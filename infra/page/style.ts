/** The style of a page: light and dark, wide and narrow. Colours are plain values, which the charts read. */
export const STYLE = `
  :root {
    color-scheme: light dark;
    --ground: #f3f5f8; --surface: #ffffff; --line: #dde3ec; --ink: #0e1726; --ink-2: #46536a;
    --good: #06704a; --bad: #b91c2e;
    --series-0: #1f4fd8; --series-1: #d9730d; --series-2: #0a8a5c; --series-3: #8046c9; --series-4: #c02a7c;
    --series-5: #64748b; --series-6: #b58a00; --series-7: #14808f; --series-8: #b91c2e; --series-9: #3f4b5e;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #0a0e14; --surface: #121821; --line: #253041; --ink: #eef2f8; --ink-2: #b3bfd0;
      --good: #3ddc97; --bad: #ff7a86;
      --series-0: #86a8ff; --series-1: #f5a25c; --series-2: #3ddc97; --series-3: #c4a0ff; --series-4: #ff8cc6;
      --series-5: #94a2b6; --series-6: #f0cf5c; --series-7: #5fd3e2; --series-8: #ff7a86; --series-9: #c5cedb;
    }
  }
  * { box-sizing: border-box; }
  body { font: 15px/1.5 system-ui, sans-serif; background: var(--ground); color: var(--ink); margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; overflow-wrap: anywhere; }
  h2 { font-size: 1.1rem; margin: 0 0 .3rem; }
  p { margin: .3rem 0; white-space: pre-line; }
  .lead { font-size: 1.05rem; max-width: 48rem; overflow-wrap: anywhere; }
  .note { color: var(--ink-2); font-size: .9rem; max-width: 48rem; }
  section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; margin: 1rem 0 0; padding: 1rem; }
  .good { color: var(--good); font-weight: 600; }
  .bad { color: var(--bad); font-weight: 600; }
  .tiles { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); margin: 1.2rem 0 0; }
  .tile { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; }
  .tile b { display: block; font-size: 1.65rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
  .tile span { color: var(--ink-2); display: block; font-size: .85rem; }
  .scroll { margin-top: .6rem; overflow-x: auto; }
  table { border-collapse: collapse; font-size: .87rem; width: 100%; }
  th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
  th { color: var(--ink-2); font-weight: 600; vertical-align: bottom; }
  .number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
  .code { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
  figure { margin: .8rem 0 0; }
  figcaption { font-weight: 600; font-size: .92rem; }
  .row { display: grid; gap: .1rem .8rem; grid-template-columns: 12rem 1fr; margin: .45rem 0; }
  .row .name { overflow-wrap: anywhere; text-align: right; }
  .bar { --widest: 72%; align-items: center; display: flex; font-size: .85rem; line-height: 1.35; }
  .bar i { background: var(--c); flex: none; height: .9em; width: calc(var(--w) * var(--widest)); }
  .bar span { font-variant-numeric: tabular-nums; margin-left: .4rem; white-space: nowrap; }
  .track { border-radius: 3px; display: flex; height: 1.5em; overflow: hidden; }
  .track i { background: var(--c); color: var(--surface); flex: none; font-size: .78rem; font-style: normal; line-height: 1.9em; overflow: hidden; text-align: center; }
  .legend { font-size: .88rem; }
  .legend span { margin-right: 1.1rem; white-space: nowrap; }
  .legend span::before { background: var(--c); border-radius: 2px; content: ''; display: inline-block; height: .7em; margin-right: .4em; width: .7em; }
  .canvas { height: 15rem; margin-top: .3rem; }
  footer { color: var(--ink-2); font-size: .82rem; margin-top: 1.5rem; }
  footer pre { font-size: 11px; overflow-x: auto; white-space: pre-wrap; }
  @media (max-width: 40rem) {
    .row { grid-template-columns: 1fr; }
    .row .name { text-align: left; }
    section { padding: .8rem; }
    .bar { --widest: 55%; }
    .tiles { grid-template-columns: 1fr 1fr; }
    .tile:last-child:nth-child(odd) { grid-column: span 2; }
    .tile b { font-size: 1.35rem; }
    .canvas { height: 12rem; }
  }
  @media print { section { break-inside: avoid; } }`;
