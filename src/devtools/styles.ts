/** What the element looks like. Every colour can be set from outside by a custom property. */
export const STYLES = `
:host {
  --_page: var(--agora-devtools-page, light-dark(#ffffff, #171a19));
  --_well: var(--agora-devtools-well, light-dark(#f4f5f2, #121514));
  --_line: var(--agora-devtools-line, light-dark(#e2e4de, #2a2f2d));
  --_edge: var(--agora-devtools-edge, light-dark(#858a83, #6d7572));
  --_text: var(--agora-devtools-text, light-dark(#1b1e1d, #e9ecea));
  --_quiet: var(--agora-devtools-quiet, light-dark(#5a605d, #a2a9a6));
  --_accent: var(--agora-devtools-accent, light-dark(#0b6b63, #58c7b9));
  --_good: var(--agora-devtools-good, light-dark(#14796a, #1c8372));
  --_busy: var(--agora-devtools-busy, light-dark(#94600a, #9c6812));
  --_bad: var(--agora-devtools-bad, light-dark(#b3261e, #b53a32));
  --_calm: var(--agora-devtools-calm, light-dark(#4a6a94, #4f6f9c));
  --_on: var(--agora-devtools-on, #ffffff);
  --_sans: var(--agora-devtools-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
  --_mono: var(--agora-devtools-mono, ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace);
  --_bright-good: light-dark(#14796a, #3fc9b1);
  --_bright-busy: light-dark(#94600a, #eab04a);
  --_bright-bad: light-dark(#b3261e, #ff7d72);
  --_bright-calm: light-dark(#4a6a94, #8db4ea);
  display: block;
  color-scheme: light dark;
  container-type: inline-size;
  font: 13px/1.45 var(--_sans);
  color: var(--_text);
}
:host([hidden]) { display: none }
* { box-sizing: border-box; margin: 0 }
.panel { background: var(--_page); border: 1px solid var(--_line); border-radius: 12px; overflow: hidden }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 10px; padding: 10px 14px }
.pill { display: inline-flex; align-items: center; gap: 8px; font-weight: 600 }
.pill i { width: 9px; height: 9px; border-radius: 50%; background: var(--_bright); box-shadow: 0 0 0 3px color-mix(in srgb, var(--_bright) 22%, transparent) }
.who { color: var(--_quiet) }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-left: auto }
button { display: inline-flex; align-items: center; gap: 6px; min-height: 28px; padding: 0 10px; font: inherit; font-size: 12px; font-weight: 500; color: var(--_text); background: none; border: 1px solid var(--_line); border-radius: 7px; cursor: pointer }
button:hover { border-color: var(--_accent) }
button[hidden], .segments[hidden] { display: none }
.segments { display: flex }
.segments button { border-radius: 0; margin-left: -1px; min-width: 30px; justify-content: center; font-variant-numeric: tabular-nums }
.segments > :first-child { border-radius: 7px 0 0 7px; margin: 0 }
.segments > :last-child { border-radius: 0 7px 7px 0 }
.segments output { display: flex; align-items: center; justify-content: center; min-width: 62px; margin-left: -1px; padding: 0 6px; font-size: 12px; color: var(--_quiet); border: 1px solid var(--_line); font-variant-numeric: tabular-nums }
button[aria-pressed="true"] { color: var(--_page); background: var(--_accent); border-color: var(--_accent) }
[data-do=live] i { width: 7px; height: 7px; border-radius: 50%; background: currentColor }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px }
.surface:focus-visible { outline-offset: -2px; border-radius: 4px }
.stage { position: relative; display: grid; grid-template-columns: 132px minmax(0, 1fr); max-height: var(--agora-devtools-lanes-height, 560px); overflow: hidden auto; border-top: 1px solid var(--_line) }
.gutter { position: relative; margin-top: 28px; border-right: 1px solid var(--_line) }
.name { position: absolute; left: 14px; right: 8px; display: flex; flex-direction: column; justify-content: center; line-height: 1.25 }
.name b { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.name span { font-size: 11px; color: var(--_quiet); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums }
.surface { position: relative; min-width: 0; overflow: clip; cursor: grab; touch-action: pan-y; user-select: none; -webkit-user-select: none }
.surface:active { cursor: grabbing }
.surface.pointing { cursor: pointer }
svg { display: block; width: 100%; overflow: hidden }
.axis { position: sticky; top: 0; z-index: 1; background: var(--_page); border-bottom: 1px solid var(--_line) }
svg text { font: 12px var(--_sans); fill: var(--_text); pointer-events: none; font-variant-numeric: tabular-nums }
.axis text { font-size: 11px; fill: var(--_quiet) }
.grid { stroke: var(--_line); opacity: .8 }
rect.ahead { fill: var(--_well); opacity: .75 }
.now path, path.now { stroke: var(--_text); stroke-width: 1.5; opacity: .85 }
g.now rect { fill: var(--_text) }
text { text-anchor: start }
.axis text { text-anchor: middle }
g.now text { fill: var(--_page); font-weight: 600 }
.cursor { fill: none; stroke: var(--_edge); stroke-dasharray: 2 3 }
.chosen-line { stroke: var(--_accent); stroke-width: 1.5; opacity: .55 }
.good { --_tone: var(--_good); --_bright: var(--_bright-good) }
.busy { --_tone: var(--_busy); --_bright: var(--_bright-busy) }
.bad { --_tone: var(--_bad); --_bright: var(--_bright-bad) }
.calm { --_tone: var(--_calm); --_bright: var(--_bright-calm) }
.quiet { --_tone: var(--_edge); --_bright: var(--_edge) }
.bar rect { fill: var(--_tone) }
.bar text { fill: var(--_on); font-weight: 500 }
.bar.span.busy rect, .bar.gap rect { fill: url(#busy) }
.bar.thin rect { opacity: .85 }
.bar.lapse rect { fill: url(#lapse) }
.bar.lapse text { fill: var(--_bright-bad); font-weight: 500 }
#busy rect { fill: var(--_busy) }
#busy .stripe { fill: #fff; opacity: .1 }
#lapse rect { fill: var(--_bad); opacity: .35 }
#lapse .stripe { fill: var(--_bad); opacity: 1 }
.full { stop-color: var(--_good); stop-opacity: 1 }
.empty { stop-color: var(--_good); stop-opacity: .55 }
.wedge path { fill: url(#fall) }
.wedge.busy path { fill: var(--_busy) }
.wedge .edge { fill: none; stroke: var(--_bright); stroke-width: 1.5 }
.wedge.ahead path { opacity: .28 }
.wedge.ahead .edge { fill: none; opacity: .7; stroke-dasharray: 3 4 }
.mark .glyph { fill: var(--_bright); stroke: var(--_page); stroke-width: 1.5 }
.mark.ring .glyph { fill: var(--_page); stroke: var(--_bright); stroke-dasharray: 2.5 2 }
.mark.cross .glyph { fill: none; stroke: var(--_bright); stroke-width: 2.5; stroke-linecap: round }
.mark .stem { stroke: var(--_bright); opacity: .75 }
.mark text { font-size: 11px; fill: var(--_quiet) }
.mark.bad text { fill: var(--_bright-bad) }
.line path { stroke: var(--_bright); stroke-width: 2; fill: none }
.line.took path { opacity: .55 }
.line.next path { stroke-width: 1.5; stroke-dasharray: 2 4 }
.plan path { stroke: var(--_bright); stroke-width: 1.5; stroke-dasharray: 3 3 }
.plan text { font-size: 11px; fill: var(--_bright-good) }
.hot rect { filter: brightness(1.15) }
.hot .glyph, .chosen .glyph { stroke: var(--_text); stroke-width: 2 }
.chosen rect { stroke: var(--_text); stroke-width: 2 }
.wedge.chosen .edge { stroke: var(--_text); stroke-width: 2 }
.tip { position: absolute; z-index: 3; top: 0; left: 0; max-width: min(340px, 90%); padding: 9px 12px; pointer-events: none; background: var(--_page); border: 1px solid var(--_edge); border-radius: 8px; box-shadow: 0 6px 24px rgb(0 0 0 / .28) }
.tip[hidden] { display: none }
.tip b { display: block }
.tip small { color: var(--_quiet); font-size: 11px; font-variant-numeric: tabular-nums }
dl { display: grid; grid-template-columns: auto 1fr; gap: 1px 12px; margin-top: 6px; font: 11px/1.5 var(--_mono) }
dt { color: var(--_quiet) }
dd { overflow-wrap: anywhere }
.below { display: grid; grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr); height: var(--agora-devtools-details-height, 264px); border-top: 1px solid var(--_line) }
.below > section { display: flex; flex-direction: column; min-width: 0; min-height: 0 }
.below > section + section { border-left: 1px solid var(--_line) }
h3 { display: flex; align-items: baseline; gap: 8px; padding: 10px 14px 6px; font-size: 13px; font-weight: 600 }
h3 small { font-size: 12px; font-weight: 400; color: var(--_quiet) }
.scroll { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin }
table { width: 100%; border-spacing: 0; table-layout: fixed; font-size: 12px }
th { text-align: left; font-weight: 500 }
thead th { position: sticky; top: 0; z-index: 1; height: 24px; padding: 0 14px; font-size: 11px; color: var(--_quiet); background: var(--_page); border-bottom: 1px solid var(--_line) }
thead th:first-child { width: 118px }
thead th:nth-child(2) { width: 28% }
tbody tr { height: 26px; scroll-margin: 26px 0; cursor: pointer }
tbody tr:hover { background: var(--_well) }
tbody th, tbody td { height: 26px; padding: 0 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
tbody th button { min-height: 22px; margin-left: -6px; padding: 0 6px; font: 11px var(--_mono); border-color: transparent }
tbody td:nth-child(2) { color: var(--_quiet) }
tbody td:last-child::before { content: ""; display: inline-block; width: 7px; height: 7px; margin-right: 8px; border-radius: 50%; background: var(--_bright) }
tr.current { background: color-mix(in srgb, var(--_accent) 14%, var(--_page)) !important }
.why .scroll { padding: 0 14px 14px }
.why p { color: var(--_quiet) }
.why h4 { font-size: 15px; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere }
.why small { color: var(--_quiet); font-size: 12px; font-variant-numeric: tabular-nums }
.why ol { list-style: none; padding: 0; margin: 12px 0 0 }
ol li { position: relative; display: grid; grid-template-columns: 70px minmax(0, 1fr); gap: 10px; padding: 0 0 10px 18px }
ol li::before { content: ""; position: absolute; left: 0; top: 5px; width: 9px; height: 9px; border-radius: 50%; border: 2px solid var(--_accent); background: var(--_page); z-index: 1 }
ol li:not(:last-child)::after { content: ""; position: absolute; left: 4px; top: 10px; bottom: -6px; width: 1px; background: var(--_line) }
ol span { color: var(--_quiet) }
ol div { overflow-wrap: anywhere }
code { font: 11px var(--_mono); padding: 1px 6px; border-radius: 5px; background: var(--_well); border: 1px solid var(--_line) }
.link { display: inline; min-height: 0; padding: 0; font-size: inherit; font-weight: 500; text-align: left; color: var(--_accent); border: 0; text-decoration: underline; text-underline-offset: 2px }
details { margin-top: 6px; border-top: 1px solid var(--_line); padding-top: 8px }
summary { cursor: pointer; color: var(--_quiet); font-size: 12px }
.error { padding: 8px 14px; color: var(--_bright-bad); border-top: 1px solid var(--_line) }
.error[hidden] { display: none }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
@container (max-width: 640px) {
  .stage { grid-template-columns: minmax(0, 1fr) }
  .gutter { position: absolute; inset: 28px 0 auto 0; margin: 0; border: 0; z-index: 1; pointer-events: none }
  .name { flex-direction: row; justify-content: space-between; align-items: baseline; left: 10px; right: 10px }
  .below { grid-template-columns: minmax(0, 1fr); height: auto }
  .below > section { max-height: 260px }
  .below > section + section { border-left: 0; border-top: 1px solid var(--_line) }
  .tools { margin-left: 0 }
}
@media (prefers-reduced-motion: no-preference) {
  .pill.busy i { animation: pulse 1.2s ease-in-out infinite alternate }
  [data-do=live][aria-pressed="true"] i { animation: pulse 1.6s ease-in-out infinite alternate }
}
@keyframes pulse { to { opacity: .35 } }
@media (forced-colors: active) {
  .bar rect, .mark .glyph { stroke: CanvasText }
  button[aria-pressed="true"] { forced-color-adjust: none; color: HighlightText; background: Highlight }
}
`;
