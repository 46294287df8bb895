import { existsSync } from "node:fs";
import path from "node:path";

/** PgBouncer's program on this machine; distributions put it where ordinary users do not look. */
export function pgbouncer() {
  const folders = [
    ...(process.env["PATH"] ?? "").split(path.delimiter),
    "/usr/sbin",
    "/usr/local/sbin",
  ];
  return folders.map((folder) => path.join(folder, "pgbouncer")).find((file) => existsSync(file));
}
