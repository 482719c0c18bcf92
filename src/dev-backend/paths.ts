/** Where a development backend answers. */
export const PATHS = {
  tokens: '/api/agora/tokens',
  config: '/api/agora/config',
  controls: '/api/agora/controls',
  signaling: '/api/agora/signaling',
  guideRtm: '/fetch_rtm_token',
  guideRtc: '/fetch_rtc_token',
} as const;
