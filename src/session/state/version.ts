/** The version of this package; a test compares it with the manifest's. */
export const VERSION: string = '0.1.0';
