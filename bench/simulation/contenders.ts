import type { Contender } from './contender.js';
import { guideApp, periodicGuideApp } from './guide-app.js';
import { sessionApp } from './session-app.js';

/** Who is compared; this package first. */
export const CONTENDERS: readonly [Contender, ...Contender[]] = [sessionApp, guideApp, periodicGuideApp];
