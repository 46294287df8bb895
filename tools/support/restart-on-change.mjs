// `node restart-on-change.mjs FOLDER SCRIPT …`: runs a script under Node in the folder, and starts
// it anew when a file changes that it reads once. Next itself takes over views and texts; the
// services of the process and the assets are made at the start.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import path from "node:path";
import { stopSignals } from "../../testing/progress.mjs";

const [folder = ".", ...command] = process.argv.slice(2);
const takenOverByNext = /\.tsx$|\.(test|integration|fixture)\.ts$|^i18n\/|texts\.json$/;

/** An editor writes a file in several steps. */
const settlingMs = 100;

let stopping = false;
let restarting = false;
let child = start();

function start() {
  restarting = false;
  const started = spawn(process.execPath, command, { cwd: folder, stdio: "inherit" });
  started.once("exit", (code) => {
    if (restarting && !stopping) child = start();
    else process.exit(code ?? 1);
  });
  return started;
}

/** @type {NodeJS.Timeout | undefined} */
let settling;
for (const place of ["lib", "public"])
  watch(path.join(folder, place), { recursive: true }, (_, file) => {
    if (!file || takenOverByNext.test(file)) return;
    clearTimeout(settling);
    settling = setTimeout(() => {
      restarting = true;
      child.kill("SIGINT");
    }, settlingMs);
  });
for (const signal of stopSignals)
  process.on(signal, () => {
    stopping = true;
    child.kill(signal);
  });
