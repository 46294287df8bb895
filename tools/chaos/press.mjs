// Preloaded into a replica (NODE_OPTIONS=--import …): holds as much memory and keeps the event loop
// as busy as the file CHAOS_PRESSURE says, as a leak or a hot loop would.
import { readFileSync } from "node:fs";

const file = process.env["CHAOS_PRESSURE"] ?? "";
/** @type {unknown[]} */
let ballast = [];

function read() {
  try {
    return /** @type {{ heapMegabytes: number, loopMs: number }} */ (
      JSON.parse(readFileSync(file, "utf8"))
    );
  } catch {
    return { heapMegabytes: 0, loopMs: 0 };
  }
}

function press() {
  const { heapMegabytes, loopMs } = read();
  if (ballast.length > heapMegabytes) ballast = [];
  // A million bytes of heap: arrays of numbers are not kept outside it, as buffers are.
  while (ballast.length < heapMegabytes)
    ballast.push(Array.from({ length: 131_072 }, (_, index) => index + 0.5));
  const until = performance.now() + loopMs;
  while (performance.now() < until);
  // The little it leaves is what a process has that reckons something large in pieces.
  setTimeout(press, loopMs > 0 ? 20 : 200).unref();
}
press();
