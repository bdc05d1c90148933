// Adds up the clock at each point that a message passes, on either side of a MessagePort.
//
// A clock that ticks at 0.1 ms is right on average: over many messages, the difference of two sums is
// the time between two points. Only pages that ask for it (?marked) and their workers pay for it.
(() => {
  const isPage = typeof document !== "undefined";
  // A step begins and is known to be one by these points; other messages are not counted.
  const [first, sure] = isPage ? ["call", "looked"] : ["arrived", "step"];
  let current = {};
  let sums = {};
  const finish = () => {
    if (sure in current) {
      for (const [point, time] of Object.entries(current)) {
        const [count, sum] = sums[point] ?? [0, 0];
        sums[point] = [count + 1, sum + time];
      }
    }
    current = {};
  };
  globalThis.mark = (point) => {
    const now = performance.now();
    if (point === first) finish();
    current[point] = now;
  };
  globalThis.takeMarks = () => {
    finish();
    const taken = sums;
    sums = {};
    return JSON.stringify(taken);
  };
  if (isPage && !location.search.includes("marked")) return;

  const { prototype } = MessagePort;
  const { postMessage } = prototype;
  prototype.postMessage = function (...message) {
    mark("post");
    postMessage.apply(this, message);
    mark("posted");
  };
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, "onmessage");
  Object.defineProperty(prototype, "onmessage", {
    configurable: true,
    get,
    set(listener) {
      set.call(this, (event) => {
        mark("arrived");
        listener(event);
        mark("handled");
      });
    },
  });
})();
