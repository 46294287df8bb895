import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { simulatorSettings } from "./settings.ts";
import { freePorts } from "../testing/free-port.mjs";

/** Runs the simulator as the process it is in the demo. */
function run(env: Record<string, string>) {
  const main = path.join(import.meta.dirname, "main.ts");
  // Nothing of this process's own environment: a missing setting must not be found there.
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [main], {
    env: { NODE_ENV: "test", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    output: () => output,
    ended: once(child, "exit") as Promise<[number | null, string | null]>,
  };
}

function settingsFor(port: number) {
  const settings = simulatorSettings({
    publicUrl: "http://localhost:3000",
    bankingServicePort: port,
  });
  return { ...settings, BANKING_SERVICE_PORT: String(port) };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "says in one line that it is ready, and ends well on %s",
  async (signal) => {
    const [port = 0] = await freePorts(1);
    const { child, output, ended } = run(settingsFor(port));
    await expect
      .poll(output, { timeout: 10_000 })
      .toBe(`Banking Service simulator ready at http://127.0.0.1:${port}/\n`);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  },
  20_000,
);

test("ends with 1 and names what is missing", async () => {
  const { output, ended } = run({});
  expect(await ended).toEqual([1, null]);
  expect(output()).toContain("BANKING_SERVICE_PORT");
}, 20_000);

test("ends with 1 when the port is taken", async () => {
  const [port = 0] = await freePorts(1);
  const settings = settingsFor(port);
  const first = run(settings);
  await expect.poll(first.output, { timeout: 10_000 }).toContain("ready");
  const second = run(settings);
  expect(await second.ended).toEqual([1, null]);
  expect(second.output()).toContain(`port ${settings.BANKING_SERVICE_PORT} cannot be used`);
}, 20_000);
