/** Lets what is ready happen: promise jobs, and in Node the immediate callbacks of streams and sockets. Takes no timer. */
export async function nextTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

function nextTurn(): Promise<void> {
  // Pages have none. A message comes as soon, and unlike a timer it is neither clamped nor faked by test runners.
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
