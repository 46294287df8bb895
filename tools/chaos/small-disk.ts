import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PlainError } from "../../testing/progress.mjs";

/** A small disk that can be full without anybody else noticing. */
export interface SmallDisk {
  folder: string;
  /** Leaves no room on it. */
  fill(): void;
  /** Makes room again. */
  empty(): void;
  remove(): void;
}

/** Mounts a small disk beside PostgreSQL's data, for the account that owns them. */
export function mountSmallDisk(data: string, megabytes: number): SmallDisk {
  const folder = path.join(path.dirname(data), "small-disk");
  mkdirSync(folder, { recursive: true });
  if (!mount(folder, megabytes)) throw new PlainError("A small disk could not be mounted.");
  const { uid, gid } = statSync(data);
  chownSync(folder, uid, gid);
  const filler = path.join(folder, "filler");
  return {
    folder,
    fill: () =>
      void spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], { stdio: "ignore" }),
    empty: () => rmSync(filler, { force: true }),
    remove: () => {
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether we may mount at all: as root on Linux, and not in every container. */
export function mayMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(path.join(tmpdir(), "connector-mount-"));
  const mounted = mount(place, 1);
  if (mounted) spawnSync("umount", [place]);
  rmSync(place, { recursive: true, force: true });
  return mounted;
}

const mount = (place: string, megabytes: number) =>
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", place], {
    stdio: "ignore",
  }).status === 0;
