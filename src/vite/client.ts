// Types of the module that the plugin gives to pages: `/// <reference types="agora-session/vite/client" />`, or the same in `types`.

declare module 'virtual:agora-session' {
  /**
   * What a session of this page needs besides `userId`. In development the app ID and the token endpoint are the development server's, and
   * `loadSdk` stands in for Agora's SDK where Signaling is the local one. In a build the app ID is `AGORA_APP_ID`, and Signaling is Agora's.
   */
  export const sessionOptions: Pick<import('agora-session').SessionManagerOptions, 'appId' | 'tokens' | 'loadSdk'>;
}
