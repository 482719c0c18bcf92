export { type AgoraSessionPluginOptions, agoraSession } from './agora-session-plugin.js';
