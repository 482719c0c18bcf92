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
  font: 13px/1.45 var(--agora-devtools-font, system-ui, sans-serif);
  font-variant-numeric: tabular-nums;
  color: var(--text);
}
:host([hidden]), [hidden] { display: none !important }
* { box-sizing: border-box; margin: 0; font-size: inherit }
small, .name span, [role=status], p, thead, summary, output, ol span { color: var(--quiet); font-size: 12px; font-weight: 400 }
h3, h4, b, th, .now text, [aria-pressed=true] { font-weight: 600 }
.panel { background: var(--page); border: var(--border); border-radius: 12px; overflow: hidden }
header, .tools, .rates, [role=status], h3 { display: flex; flex-wrap: wrap; align-items: center; gap: 8px }
header, h3, .error:not(:empty) { padding: 8px 14px }
.tools { margin-left: auto }
i { width: 9px; height: 9px; border-radius: 50%; background: var(--bright, currentColor) }
button { display: flex; align-items: center; gap: 6px; min-height: 28px; padding: 0 10px; font: inherit; color: inherit; background: none; border: var(--border); border-radius: 7px; cursor: pointer }
button:hover, tr:hover, .hot { filter: brightness(1.15); border-color: currentColor }
[aria-pressed=true] { color: var(--page); background: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px }
.stage { position: relative; display: grid; grid-template-columns: 132px minmax(0, 1fr); max-height: var(--agora-devtools-lanes-height, 560px); overflow: hidden auto; border-top: var(--border) }
.gutter { position: relative; margin-top: 28px; border-right: var(--border) }
.name { position: absolute; inset-inline: 14px 8px; display: flex; flex-direction: column; justify-content: center; line-height: 1.25 }
.name *, tbody * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.surface { cursor: grab; touch-action: pan-y; user-select: none; -webkit-user-select: none }
svg { display: block; width: 100%; overflow: hidden; font-size: 12px; fill: var(--text) }
.axis { position: sticky; top: 0; background: var(--page); text-anchor: middle }
.axis > text, .mark text, .plan text { font-size: 11px; fill: var(--quiet) }
rect.ahead { opacity: .05 }
.grid { stroke-width: 1 }
path { fill: none; stroke: var(--bright, var(--line)); stroke-width: 1.5 }
path.now { stroke: var(--text) }
.now text { fill: var(--page) }
.cursor, .next path, .plan path, .ring .glyph, .wedge.ahead .edge { stroke-dasharray: 3 3 }
.chosen-line { stroke: var(--accent) }
.good { --tone: var(--good) }
.busy { --tone: var(--busy) }
.bad { --tone: var(--bad) }
.calm { --tone: var(--calm) }
.quiet { --tone: var(--quiet) }
.good, .busy, .bad, .calm, .quiet { --bright: color-mix(in srgb, var(--tone), light-dark(var(--tone), #fff) 40%) }
.bar rect { fill: var(--tone) }
.bar text { fill: #fff; font-weight: 500 }
.span.busy rect, .gap rect { fill: url(#busy) }
.lapse rect { opacity: .7 }
.lapse text, .mark.bad text { fill: var(--bright) }
#busy { fill: var(--busy) }
#busy .stripe { fill: #fff; opacity: .1 }
.fall { fill: var(--tone); stroke: none; opacity: .8 }
.wedge.ahead .fall { opacity: .25 }
.glyph { fill: var(--bright); stroke: var(--page) }
.cross .glyph, .ring .glyph { fill: none; stroke: var(--bright) }
.cross .glyph, .took path { stroke-width: 2.5 }
svg > g > path, text { pointer-events: none }
circle { fill: none; pointer-events: all }
.chosen :is(rect, .glyph, .edge) { stroke: var(--text) }
.tip { position: absolute; width: max-content; max-width: min(340px, 90%); padding: 9px 12px; pointer-events: none; background: var(--page); border: 1px solid var(--quiet); border-radius: 8px }
dl { display: grid; grid-template-columns: auto 1fr; gap: 1px 12px; margin-top: 6px }
dl, code, tbody th { font: 11px/1.5 var(--agora-devtools-mono, ui-monospace, monospace) }
dt { color: var(--quiet) }
.tip b { display: block }
dd, .why { overflow-wrap: anywhere }
.below { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); height: var(--agora-devtools-details-height, 264px); border-top: var(--border) }
.below > * { display: flex; flex-direction: column; min-height: 0 }
.why { border-left: var(--border) }
.scroll { flex: 1; overflow: auto; scrollbar-width: thin }
table { width: 100%; border-spacing: 0; table-layout: fixed; font-size: 12px; text-align: left }
thead th { position: sticky; top: 0; background: var(--page) }
th, td { height: 26px; padding: 0 14px }
th:first-child { width: 118px }
[data-event]:not([data-event='']) { cursor: pointer }
td:last-child::before { content: "● "; color: var(--bright) }
[aria-selected=true] { background: var(--line) }
.why .scroll { padding: 0 14px 14px }
ol { list-style: none; padding: 0; margin: 10px 0 }
li { display: grid; grid-template-columns: 70px 1fr; gap: 10px; padding: 0 0 8px 12px; border-left: 2px solid var(--line) }
code { padding: 1px 6px; border-radius: 5px; background: var(--line) }
li button { display: inline; min-height: 0; padding: 0; text-align: left; color: var(--accent); border: 0; text-decoration: underline }
.error { color: var(--bad) }
@container (max-width: 640px) {
  .stage, .below { grid-template-columns: minmax(0, 1fr); height: auto }
  .gutter { position: absolute; inset-inline: 0; border: 0; pointer-events: none }
  .name { flex-direction: row; justify-content: space-between }
  .below > * { max-height: 260px }
  .why { border: 0 }
}
`;
