// Stands in for `agora-session/vite` wherever a bundler builds for browsers.
throw new Error(
  'agora-session/vite is for vite.config and makes tokens with the app certificate: it must never reach a browser. ' +
    'Import it there only; pages use agora-session.',
);

export {};
