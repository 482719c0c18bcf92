/** Where a session says what deserves a developer's attention. No message ever contains a token. */
export interface Logger {
  warn(message: string): void;
}

/** The console. */
export const consoleLogger: Logger = {
  warn: (message) => console.warn(`agora-session: ${message}`),
};
