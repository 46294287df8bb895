import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, expect, it } from "vitest";

const opened: (() => void)[] = [];
afterEach(() => opened.splice(0).forEach((close) => close()));

/** Asks a server that answers like this. @returns the exit status and what was said. */
async function health(status: number, body: string) {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => server.close());
  return ask((server.address() as AddressInfo).port);
}
const ask = (port: number) =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path.join(import.meta.dirname, "health.ts")],
      { env: { NODE_ENV: "production", PORT: String(port) } },
      (_, out, said) => resolve([child.exitCode, out + said]),
    );
  });

it("a connector that is ready is fine, without a word", async () =>
  expect(await health(200, '{"status":"ready"}')).toEqual([0, ""]));
it("one that is not says why", async () =>
  expect(await health(503, '{"status":"database-away"}')).toEqual([1, "database-away\n"]));
it("one that answers something else, or nothing, has given no answer", async () => {
  expect(await health(500, "Internal")).toEqual([1, "no-answer\n"]);
  expect(await health(500, "")).toEqual([1, "no-answer\n"]);
  expect(await ask(1)).toEqual([1, "no-answer\n"]);
});
