/** Taken before a test runner can put a fake in its place. */
const { setTimeout: setRealTimeout } = globalThis;

/** Lets what is ready happen: promise jobs, and in Node the immediate callbacks of streams and sockets. */
export async function nextTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

function nextTurn(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  if (typeof MessageChannel !== 'function') return nextTurnOfHiddenNode();
  // Pages have no immediates. A message comes as soon, and unlike a timer it is neither clamped nor faked by test runners.
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Jest's jsdom hides both from its tests. Node itself still has its immediates; a timer would take a millisecond each time. */
function nextTurnOfHiddenNode(): Promise<void> {
  const soon = globalThis.process?.getBuiltinModule?.('timers').setImmediate ?? setRealTimeout;
  return new Promise((resolve) => void soon(resolve));
}
