import { keepFocus } from './focus-keeper.js';
import { fetchConfig } from './live/backend.js';
import { find } from './page.js';
import { Address } from './view/address.js';
import { CodeDrawer } from './view/code-drawer.js';
import { Picture } from './view/picture.js';
import { PlayerControls } from './view/player-controls.js';
import { Stage } from './view/stage.js';
import { Timeline } from './view/timeline.js';
import { TroublePanel } from './view/trouble-panel.js';
import { loadWorld } from './world/load-world.js';

keepFocus();
// What is built is served without a development server, and leaves this out.
if (import.meta.env.DEV) await meetServer();

const stage = new Stage();
const address = new Address(location.search);
const troubles = new TroublePanel(stage);
new PlayerControls(stage);
new Picture(stage, troubles);
new Timeline(stage);
new CodeDrawer();

stage.begin();
address.apply(stage, troubles);
stage.onShow(() => address.keep(stage, troubles));

await loadWorld();
let last = performance.now();
function frame(now: number): void {
  void stage.frame(now - last);
  last = now;
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);

/** With a project at Agora the page that talks to it is the one to see; otherwise there is a link to it. */
async function meetServer(): Promise<void> {
  const config = await fetchConfig().catch(() => null);
  if (!config) return;
  if (!config.emulator && !new URLSearchParams(location.search).has('story')) location.replace('./live/');
  find('#live', HTMLElement).hidden = false;
}
