import { AgoraSessionDevtools } from './element.js';

declare global {
  interface HTMLElementTagNameMap {
    'agora-session-devtools': AgoraSessionDevtools;
  }
}

const NAME = 'agora-session-devtools';

// Twice in one page, after a hot reload for one, the first stays.
if (typeof customElements !== 'undefined' && !customElements.get(NAME))
  customElements.define(NAME, AgoraSessionDevtools);
