// What the emulator does in process, in tests that take nothing of Node: they run under Vitest as they are, in Chromium and under Jest with
// jsdom by this list.
import './call-faults.test.js';
import './channels.test.js';
import './event-faults.test.js';
import './history.test.js';
import './latency.test.js';
import './limits.test.js';
import './link-faults.test.js';
import './made-up-project.test.js';
import './offline.test.js';
import './stream-channels.test.js';
import '../testing/anywhere.test.js';
