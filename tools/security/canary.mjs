// One journey with a user name, a password and a code that exist nowhere else; afterwards they are
// looked for everywhere but at the bank: the database's files and its write-ahead log, a dump, all
// logs, everything that went over the wire to anybody else, and the heap of the connector a minute
// after the end.
import { randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { clientConfig, databaseTarget, withDatabase } from "../../lib/config/database-url.ts";
import { freePorts } from "../../testing/free-port.mjs";
import { startPair, systemEnvironment } from "../../testing/start-connector.mjs";
import { startThrowAway } from "../../testing/test-postgres.mjs";
import { createDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.mjs";

const results = path.resolve(import.meta.dirname, "../../test-results/canary");
const afterEndMs = Number(process.env["CANARY_WAIT_MS"] ?? 60_000);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const unique = randomBytes(9).toString("hex");
/**
 * That the search would find something: what is stored, sent and remembered on purpose has to be
 * found.
 */
const seen = new Set();
let control = "";
const canaries = {
  "user name": `canaryname${unique}`,
  password: `canarypassword${unique}`,
  code: `canarycode${unique}`,
};

const postgres = process.env["DATABASE_URL"] ? undefined : await startThrowAway();
const server = process.env["DATABASE_URL"] ?? postgres?.url ?? "";
const snapshots = mkdtempSync(path.join(tmpdir(), "canary-"));
/** @type {string[]} */
const found = [];
try {
  const database = `canary_${unique}`;
  await createDatabase(server, database, "template0");
  const databaseUrl = withDatabase(server, database);
  execFileSync(process.execPath, [path.resolve(import.meta.dirname, "../../server/migrate.ts")], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
  // The heap is written by the process itself, where it stands.
  const env = {
    ...systemEnvironment(),
    NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir="${snapshots}"`,
  };
  const pair = await startPair({
    databaseUrl,
    connectorPort,
    bankingServicePort,
    logs: results,
    env,
  });
  try {
    await journey(pair);
    await searchDatabase(databaseUrl);
    await wait(afterEndMs);
    await searchHeap(connectorPort);
    await searchTraffic(pair.bankingServiceUrl);
  } finally {
    await pair.stop();
  }
  for (const name of readdirSync(results)) await searchFile(path.join(results, name), "log");
} finally {
  await postgres?.stop();
  rmSync(snapshots, { recursive: true, force: true });
}
for (const kind of ["database file", "log"])
  if (!seen.has(kind) && !process.env["DATABASE_URL"])
    found.push(`nothing at all: the search of a ${kind} is broken`);
for (const place of found) process.stderr.write(`found ${place}\n`);
process.stdout.write(`canary run: ${found.length} hits\n`);
process.exit(found.length === 0 ? 0 : 1);

/** @param {import('../../testing/start-connector.mjs').Pair} pair */
async function journey({ bankingServiceUrl }) {
  const { bankingServiceClient } = await import("../../simulator/client.ts");
  const { firstScreen, follow, formOf, postForm } =
    await import("../../e2e/support/raw-journey.ts");
  const { authrefreshUrl, authorisationId } = await bankingServiceClient(
    bankingServiceUrl,
  ).createAuthorisation({});
  control = authorisationId;
  let form = formOf(await firstScreen(authrefreshUrl));
  // A name and a password nobody has, as they are typed; then a person's, and a code that is wrong.
  form = formOf(
    await follow(
      await postForm(form, { username: canaries["user name"], password: canaries.password }),
    ),
  );
  form = formOf(
    await follow(await postForm(form, { username: "user_sms", password: canaries.password })),
  );
  form = formOf(
    await follow(await postForm(form, { username: "user_sms", password: "pass_good" })),
  );
  form = formOf(await follow(await postForm(form, { code: canaries.code })));
  form = formOf(
    await follow(await postForm(form, { code: canaries.code.slice(-6).replace(/\D/g, "7") })),
  );
  const last = await follow(await postForm(form, { code: "123456" }));
  if (!last.body.includes("reauth-return")) throw new Error("the journey did not end");
}

/** @param {string} url */
async function searchDatabase(url) {
  const client = new pg.Client(clientConfig(databaseTarget(url)));
  await client.connect();
  const { rows: tables } = await client.query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE " +
      "schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  // A dump: every row of every table as text, bytes as what they are.
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
    const text = rows
      .map(
        ({ row }) =>
          row +
          row.replace(/\\\\x([0-9a-f]+)/g, (/** @type {string} */ _, /** @type {string} */ hex) =>
            Buffer.from(hex, "hex").toString("latin1"),
          ),
      )
      .join("\n");
    for (const [what, canary] of Object.entries(canaries))
      if (text.includes(canary)) found.push(`${what} in table ${name}`);
  }
  // Dirty pages and the write-ahead log, on the disk.
  await client.query("CHECKPOINT");
  const { rows } = await client.query("SHOW data_directory");
  await client.end();
  const directory = rows[0]?.data_directory;
  try {
    statSync(directory);
  } catch {
    process.stdout.write("The files of the database are on another machine: not searched.\n");
    return;
  }
  let files = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    await searchFile(path.join(entry.parentPath, entry.name), "database file");
  }
  process.stdout.write(`${files} files of the database searched\n`);
}

/** @param {number} port */
async function searchHeap(port) {
  const pid = listenerOf(port);
  process.kill(pid, "SIGUSR2");
  const file = await waitUntil(
    async () =>
      readdirSync(snapshots).find((name) => name.endsWith(".heapsnapshot")) ??
      Promise.reject(new Error("no snapshot yet")),
    { what: "the heap snapshot", withinMs: 60_000 },
  );
  const snapshot = path.join(snapshots, file);
  // A snapshot is one JSON object: written to the end when its last byte closes it.
  await waitUntil(
    async () => endsWithBrace(snapshot) || Promise.reject(new Error("not written to the end yet")),
    { what: "the end of the heap snapshot", withinMs: 120_000 },
  );
  process.stdout.write(
    `heap of ${Math.round(statSync(snapshot).size / 1e6)} MB searched ` +
      `${Math.round(afterEndMs / 1000)} s after the end\n`,
  );
  await searchFile(snapshot, "heap");
}

/** @param {string} file */
function endsWithBrace(file) {
  const { size } = statSync(file);
  if (size < 1_000_000) return false;
  const last = Buffer.alloc(16);
  const descriptor = openSync(file, "r");
  readSync(descriptor, last, 0, 16, size - 16);
  closeSync(descriptor);
  return last.toString().trimEnd().endsWith("]}");
}

/**
 * What the simulator wrote down of all calls to Sage, and everything it holds.
 * @param {string} url
 */
async function searchTraffic(url) {
  const { bankingServiceClient } = await import("../../simulator/client.ts");
  const client = bankingServiceClient(url);
  const text = JSON.stringify([await client.wire({}), await client.providerCalls({})]);
  if (!text.includes("PATCH")) throw new Error("no traffic was recorded");
  for (const [what, canary] of Object.entries(canaries))
    if (text.includes(canary)) found.push(`${what} in the recorded traffic`);
}

/**
 * In the encodings a text may be found in: as it is, as UTF-16, in base64 at each of its three
 * offsets, in hexadecimal.
 * @param {string} file
 * @param {string} kind
 */
async function searchFile(file, kind) {
  const needles = Object.entries(canaries).flatMap(([what, text]) => {
    const bytes = Buffer.from(text);
    const base64 = [0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString("base64")
        .slice(Math.ceil((offset * 4) / 3) + (offset ? 1 : 0), -4),
    );
    return [
      bytes,
      Buffer.from(text, "utf16le"),
      Buffer.from(bytes.toString("hex")),
      ...base64.map((part) => Buffer.from(part)),
    ].map((needle) => ({ what, needle }));
  });
  const longest = Math.max(...needles.map(({ needle }) => needle.length));
  let tail = Buffer.alloc(0);
  const hits = new Set();
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 4 * 1024 * 1024 })) {
      const block = Buffer.concat([tail, chunk]);
      for (const { what, needle } of needles) if (block.includes(needle)) hits.add(what);
      if (
        block.includes(control) ||
        block.includes(Buffer.from(control.replaceAll("-", ""), "hex"))
      )
        seen.add(kind);
      tail = block.subarray(-longest);
    }
  } catch (error) {
    // PostgreSQL takes files of its own away while they are read.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
  for (const what of hits) found.push(`${what} in ${kind} ${path.basename(file)}`);
}

/**
 * The process that listens on a port: the pinned Node may be a child of the one that was started.
 * @param {number} port
 */
function listenerOf(port) {
  const inodes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const hex = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    execFileSync("cat", [file], { encoding: "utf8" })
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((parts) => parts[1]?.endsWith(hex) && parts[3] === "0A")
      .map((parts) => parts[9]),
  );
  for (const pid of inodes) {
    try {
      const fds = execFileSync("ls", ["-l", `/proc/${pid}/fd`], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      if (sockets.some((inode) => fds.includes(`socket:[${inode}]`))) return Number(pid);
    } catch {
      // It has ended, or is somebody else's.
    }
  }
  throw new Error(`nobody listens on ${port}`);
}
