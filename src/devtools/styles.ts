/** What the element looks like. Its main colours and fonts can be set from outside by custom properties. */
export const STYLES = `
:host {
  --page: var(--agora-devtools-page, light-dark(#fff, #171a19));
  --text: var(--agora-devtools-text, light-dark(#1b1e1d, #e9ecea));
  --accent: var(--agora-devtools-accent, light-dark(#0b6b63, #58c7b9));
  --good: light-dark(#14796a, #1c8372);
  --busy: light-dark(#94600a, #9c6812);
  --bad: light-dark(#b3261e, #b53a32);
  --calm: light-dark(#4a6a94, #4f6f9c);
  --line: color-mix(in srgb, var(--page), var(--text) 14%);
  --quiet: color-mix(in srgb, var(--page), var(--text) 70%);
  --border: 1px solid var(--line);
  display: block;
  color-scheme: light dark;
  container-type: inline-size;
  font: 12px/1.5 var(--agora-devtools-font, system-ui, sans-serif);
  font-variant-numeric: tabular-nums;
  color: var(--text);
}
:host([hidden]) { display: none }
* { box-sizing: border-box; margin: 0; font-size: inherit; --bright: color-mix(in srgb, var(--tone), light-dark(var(--tone), #fff) 40%) }
.good { --tone: var(--good) }
.busy { --tone: var(--busy) }
.bad { --tone: var(--bad) }
.calm { --tone: var(--calm) }
.quiet { --tone: var(--quiet) }
small, .name span, p, thead, summary, output, dt { color: var(--quiet); font-weight: 400 }
.now text, [aria-pressed=true] { font-weight: 600 }
.panel { background: var(--page); border: var(--border); border-radius: 12px; overflow: hidden }
header, .tools, .rates, h3, button { display: flex; flex-wrap: wrap; align-items: center; gap: 8px }
header, h3, .error:not(:empty), .tip { padding: 8px 14px }
.tools { margin-left: auto }
i { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--bright, currentColor) }
button { min-height: 28px; padding: 0 10px; font: inherit; color: inherit; background: none; border: var(--border); border-radius: 7px; cursor: pointer }
:where(button, tr):hover, [aria-selected=true] { background: var(--line) }
[aria-pressed=true] { color: var(--page); background: var(--accent) }
:focus-visible { outline-offset: -2px }
.stage { position: relative; display: grid; grid-template-columns: 132px 1fr; max-height: var(--agora-devtools-lanes-height, 560px); overflow: hidden auto }
.stage, .below { border-top: var(--border) }
.gutter { position: relative; margin-top: 28px; border-right: var(--border) }
.name { position: absolute; inset-inline: 14px 8px; display: flex; flex-direction: column; justify-content: center; line-height: 1.25 }
.name *, tbody * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.surface { overflow: hidden; cursor: grab; touch-action: pan-y; user-select: none; -webkit-user-select: none }
[data-event]:not([data-event='']) { cursor: pointer }
svg { display: block; width: 100%; fill: var(--text) }
.axis, thead { position: sticky; top: 0; background: var(--page); text-anchor: middle }
.axis > text, .mark text, .plan text { font-size: 11px; fill: var(--quiet) }
rect.ahead { opacity: .05 }
.grid { stroke-width: 1 }
path { fill: none; stroke: var(--bright, var(--line)); stroke-width: 1.5 }
path.now { stroke: var(--text) }
.now text { fill: var(--page) }
.cursor, .next path, .plan path, .ring .glyph, .ahead .edge { stroke-dasharray: 3 3 }
.chosen-line { stroke: var(--accent) }
.bar rect { fill: var(--tone) }
.bar text { fill: #fff }
.span.busy rect, .gap rect { fill: url(#busy) }
.lapse rect { opacity: .7 }
.lapse text, .mark.bad text { fill: var(--bright) }
#busy { fill: var(--busy) }
.stripe { fill: #fff; opacity: .1 }
.fall { fill: var(--tone); stroke: none; opacity: .8 }
.ahead .fall { opacity: .25 }
.glyph { fill: var(--bright); stroke: var(--page) }
.cross .glyph, .ring .glyph { fill: none; stroke: var(--bright) }
.cross .glyph, .took path { stroke-width: 2.5 }
svg > g > path, text { pointer-events: none }
circle { fill: none; pointer-events: all }
.mark text { paint-order: stroke; stroke: var(--page); stroke-width: 4 }
.hot { opacity: .8 }
.chosen :is(rect, .glyph, .edge) { stroke: var(--text) }
.tip { position: absolute; width: max-content; max-width: min(340px, 90%); max-height: 260px; overflow: hidden; pointer-events: none; background: var(--page); border: 1px solid var(--quiet); border-radius: 7px }
.tip, .why { overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 14px; margin: 8px 0 }
.tip dl, details dl, code, tbody th { font: 11px/1.5 var(--agora-devtools-mono, ui-monospace, monospace) }
.below { display: grid; grid-template-columns: 1fr 1fr; height: 264px }
.below > * { display: flex; flex-direction: column; min-width: 0; min-height: 0 }
.why { border-left: var(--border) }
.scroll { flex: 1; overflow: auto }
table { width: 100%; border-spacing: 0; table-layout: fixed; text-align: left }
tr { height: 26px }
th, td, .why .scroll { padding: 0 14px }
th:first-child { width: 118px }
td:last-child::before { content: "● "; color: var(--bright) }
code { padding: 0 6px; background: var(--line) }
dd button { display: inline; min-height: 0; padding: 0; text-align: left; color: var(--accent); border: 0; text-decoration: underline }
.error { color: var(--bad) }
@container (max-width: 640px) {
  .stage, .below { display: block; height: auto }
  .gutter { position: absolute; inset-inline: 0; border: 0; pointer-events: none }
  .name { flex-direction: row; justify-content: space-between }
  .scroll { max-height: 220px }
  .why { border: 0 }
}
`;
