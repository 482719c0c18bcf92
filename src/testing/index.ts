import { loadAhead } from './create-test-session.js';
import { countInflating } from './inflating.js';

export { seededRandom } from '../emulator/in-process.js';
export { createTestSession, type TestSession, type TestSessionOptions } from './create-test-session.js';
export { TestTokens, type TestTokensOptions, type TokenFault } from './test-tokens.js';
export { VirtualClock, type VirtualClockOptions } from './virtual-clock.js';

// Both for the sake of virtual time, which could not wait for either.
countInflating();
await loadAhead();
