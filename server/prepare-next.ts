// Loads the build into Next, inside our own process.
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Handler } from "./http-server.ts";
import { StartError } from "./start-error.ts";

/**
 * One address of each route that people or balancers wait for; none of them changes anything, nor
 * is one an entry that would be counted as refused.
 */
const rehearsed = [
  ["GET", "/health/ready"],
  ["POST", "/authrefresh"],
  ["GET", "/authrefresh/rehearsal"],
  ["GET", "/authrefresh/rehearsal/status"],
] as const;

/**
 * Prepares Next and makes sure that it answers. `prepare()` resolves before instrumentation.ts has
 * run and whether it failed or not, but the first request waits for it; so one is sent, to a server
 * of its own that nobody else can have the address of. Next's upgrade handler ends up on that
 * server, too.
 * @param dir the folder with the build
 * @param problems what is wrong already, if anything: nothing is begun then, and the bundle adds
 *   what it finds
 * @throws {StartError} if Next does not answer
 */
export async function prepareNext(dir: string, problems: readonly string[]): Promise<Handler> {
  // The third keeps Next from reading .env files: settings come from the environment, and have been
  // checked.
  Object.assign(process.env, {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    __NEXT_PROCESSED_ENV: "true",
  });
  const { default: next } = await import("next");
  const rehearsal = http.createServer((request, response) => void handle(request, response));
  const app = next({ dev: false, dir, httpServer: rehearsal });
  await app.prepare();
  const handle = app.getRequestHandler();
  await new Promise<void>((resolve) => rehearsal.listen(0, "127.0.0.1", resolve));
  const { port } = rehearsal.address() as AddressInfo;
  const status = await visit(port, "GET", "/health/live");
  if (problems.length === 0) {
    if (status !== 200)
      throw new StartError(`The connector could not be prepared: /health/live answers ${status}.`);
    // Next loads a route at its first request, for a second or more on a busy machine, and nothing
    // else runs meanwhile: better now than while the first people wait.
    for (const [method, path] of rehearsed) await visit(port, method, path).catch(() => undefined);
  }
  rehearsal.close();
  return handle;
}

function visit(port: number, method: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    http
      .request({ host: "127.0.0.1", port, method, path, agent: false }, (response) =>
        response.resume().once("end", () => resolve(response.statusCode)),
      )
      .once("error", reject)
      .end();
  });
}
