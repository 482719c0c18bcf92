// Stands in for `agora-session/server` wherever a bundler builds for browsers.
throw new Error(
  'agora-session/server makes tokens with the app certificate and must never reach a browser. ' +
    'Import it in your backend only; pages use agora-session.',
);

export {};
