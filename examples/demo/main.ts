import { Address } from './view/address.js';
import { CodeDrawer } from './view/code-drawer.js';
import { Picture } from './view/picture.js';
import { PlayerControls } from './view/player-controls.js';
import { Stage } from './view/stage.js';
import { Timeline } from './view/timeline.js';
import { TroublePanel } from './view/trouble-panel.js';

const stage = new Stage();
const address = new Address(location.search);
const troubles = new TroublePanel(stage);
new PlayerControls(stage);
new Picture(stage, troubles);
new Timeline(stage);
new CodeDrawer();

stage.begin();
address.apply(stage, troubles);
stage.onShow(() => history.replaceState(null, '', address.of(stage, troubles)));

let last = performance.now();
function frame(now: number): void {
  void stage.frame(now - last);
  last = now;
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
