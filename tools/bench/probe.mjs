// Preloaded into the servers that are measured (NODE_OPTIONS=--import …): tells memory and
// processor time over a socket of its own, so that the product needs no such door.
import { rmSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import v8 from "node:v8";
import vm from "node:vm";
import { isMainThread } from "node:worker_threads";

const folder = process.env["BENCH_PROBES"];
const script = process.argv[1];

if (folder && script && isMainThread) {
  v8.setFlagsFromString("--expose-gc");
  const collectGarbage = vm.runInNewContext("gc");
  /** @type {Record<string, () => unknown>} */
  const answers = {
    memory: () => {
      collectGarbage();
      return process.memoryUsage();
    },
    cpu: () => process.cpuUsage(),
  };
  const place = path.join(folder, path.basename(script));
  rmSync(place, { force: true });
  net
    .createServer((socket) =>
      socket.once("data", (question) =>
        socket.end(JSON.stringify(answers[String(question)]?.() ?? null)),
      ),
    )
    .listen(place)
    .unref();
}
