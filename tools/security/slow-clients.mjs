// 1,000 clients that send a byte now and then, and 20 uploads of 300 MB: whoever behaves is
// answered as before, and memory stays what it was.
import { request } from "node:http";
import { connect } from "node:net";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePorts } from "../../testing/free-port.mjs";
import { startPair } from "../../testing/start-connector.mjs";
import { createTestDatabase } from "../../testing/test-database.ts";
import { startTestPostgres } from "../../testing/test-postgres.mjs";

const bars = { p99Ms: 500, growthMb: 64 };
const slow = 1000;
const uploads = 20;
const uploadMb = 300;

const stopPostgres = await startTestPostgres();
/** @type {string[]} */
const problems = [];
try {
  const { url: databaseUrl } = await createTestDatabase();
  const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
  const pair = await startPair({
    databaseUrl,
    connectorPort,
    bankingServicePort,
    logs: path.resolve(import.meta.dirname, "../../test-results/slow-clients"),
  });
  try {
    const port = Number(new URL(pair.connectorUrl).port);
    // Warm, or what any process takes up with its first thousand requests would count as theirs.
    await measure(port, 1000);
    const before = memoryMb();
    const calm = await measure(port, 200);
    const cut = slowClients(port);
    await wait(2000);
    const busy = await measure(port, 300);
    const during = memoryMb();
    const closed = await cut;
    const refused = await Promise.all(Array.from({ length: uploads }, () => upload(port)));
    await wait(1000);
    const after = memoryMb();
    process.stdout.write(
      `p99 ${calm} ms alone, ${busy} ms beside ${slow} slow clients; ${closed} of them ` +
        `cut off; memory +${Math.round(during - before)} MB, after ${uploads} uploads ` +
        `+${Math.round(after - before)} MB\n`,
    );
    process.stdout.write(
      `uploads answered ${[...new Set(refused.map(({ status }) => status))].join(", ")} ` +
        `after at most ${Math.max(...refused.map(({ sentMb }) => sentMb)).toFixed(1)} of ` +
        `${uploadMb} MB\n`,
    );
    if (busy > bars.p99Ms) problems.push(`p99 is ${busy} ms, above ${bars.p99Ms}`);
    if (Math.max(during, after) - before > bars.growthMb)
      problems.push(`memory grew by more than ${bars.growthMb} MB`);
    if (closed < slow) problems.push(`${slow - closed} slow clients were never cut off`);
    for (const { status, sentMb } of refused)
      if (status !== 413 || sentMb > 20)
        problems.push(`an upload was answered ${status} after ${sentMb.toFixed(1)} MB`);
  } finally {
    await pair.stop();
  }
} finally {
  await stopPostgres();
}
for (const problem of [...new Set(problems)]) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);

/**
 * Clients that never come to the end of their headers, or of their body.
 * @param {number} port
 * @returns {Promise<number>} how many were cut off within a minute
 */
async function slowClients(port) {
  let closed = 0;
  const clients = Array.from({ length: slow }, (_, index) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.once("close", () => (closed += 1));
    socket.resume();
    socket.write(
      index % 2
        ? `POST /authrefresh/x HTTP/1.1\r\nHost: x\r\nContent-Type: ` +
            `application/x-www-form-urlencoded\r\nContent-Length: ` +
            `60000\r\n\r\na=`
        : "GET /authrefresh/x HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    );
    const drip = setInterval(() => socket.writable && socket.write("x"), 1000);
    socket.once("close", () => clearInterval(drip));
    return socket;
  });
  for (let waited = 0; closed < slow && waited < 60_000; waited += 500) await wait(500);
  for (const socket of clients) socket.destroy();
  return closed;
}

/**
 * The 99th percentile of ordinary requests, a few at a time.
 * @param {number} port
 * @param {number} count
 */
async function measure(port, count) {
  /** @type {number[]} */
  const times = [];
  const one = async () => {
    while (times.length < count) {
      const started = performance.now();
      await new Promise((resolve, reject) =>
        request(
          {
            host: "127.0.0.1",
            port,
            path: "/authrefresh/nobody",
            agent: false,
            headers: { "sec-fetch-mode": "navigate" },
          },
          (response) => {
            // Answered as always: nobody is turned away because others are slow.
            if (response.statusCode !== 410)
              problems.push(`somebody who behaves was answered ${response.statusCode}`);
            response.resume().once("end", () => resolve(undefined));
          },
        )
          .once("error", reject)
          .end(),
      );
      times.push(performance.now() - started);
    }
  };
  await Promise.all([one(), one(), one(), one()]);
  return Math.round(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99) - 1] ?? 0);
}

/** @param {number} port @returns {Promise<{ status: number, sentMb: number }>} */
function upload(port) {
  return new Promise((resolve) => {
    let sent = 0;
    let status = 0;
    const chunk = Buffer.alloc(64 * 1024, 97);
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        path: "/authrefresh/x",
        method: "POST",
        agent: false,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "transfer-encoding": "chunked",
        },
      },
      (response) => {
        status = response.statusCode ?? 0;
        response.resume().once("end", () => outgoing.destroy());
      },
    );
    outgoing.on("error", () => undefined);
    outgoing.once("close", () => resolve({ status, sentMb: sent / 1e6 }));
    const pump = () => {
      while (sent < uploadMb * 1e6 && !outgoing.destroyed && status === 0) {
        sent += chunk.length;
        if (!outgoing.write(chunk)) return void outgoing.once("drain", pump);
      }
      if (status === 0 && sent >= uploadMb * 1e6) outgoing.end();
    };
    pump();
  });
}

/** Resident memory of the connector: of the process that was started and of what it started. */
function memoryMb() {
  return processes().reduce((sum, kb) => sum + kb, 0) / 1024;
}

function processes() {
  /** @type {number[]} */
  const kilobytes = [];
  for (
    let children = childrenOf(process.pid);
    children.length > 0;
    children = children.flatMap(childrenOf)
  )
    for (const child of children) kilobytes.push(residentOf(child));
  return kilobytes;
}

/** @param {number} pid */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

/** @param {number} pid */
function residentOf(pid) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes("server/start.ts")
      ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0)
      : 0;
  } catch {
    return 0;
  }
}
