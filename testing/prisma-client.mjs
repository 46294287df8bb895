// The Prisma client is generated and not committed. Node built-ins of Node 20 only.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { runQuietly } from "./progress.mjs";

const root = path.resolve(import.meta.dirname, "..");
const client = path.join(root, "lib/db/prisma");
const stamp = path.join(client, ".generated-from");

/** Whether the client was made from the schema of this checkout by the installed Prisma. */
export function clientIsCurrent() {
  return (
    existsSync(path.join(client, "client.ts")) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === origin()
  );
}

/** Makes the client anew. */
export async function generateClient() {
  const command = path.join(prismaFolder(), "build/index.js");
  // Prisma's command wants a native schema engine to exist, does not run it for this, and would
  // download it where it is missing; the Node binary stands in.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  };
  await runQuietly(process.execPath, [command, "generate", "--no-hints"], { cwd: root, env });
  writeFileSync(stamp, origin());
}

function origin() {
  const { version } = JSON.parse(readFileSync(path.join(prismaFolder(), "package.json"), "utf8"));
  const schema = readFileSync(path.join(root, "prisma/schema.prisma"));
  return createHash("sha256").update(`${version}\n`).update(schema).digest("hex");
}

// Resolved at each call: the packages may not be installed yet when this module is loaded.
const prismaFolder = () =>
  path.dirname(createRequire(import.meta.url).resolve("prisma/package.json"));
