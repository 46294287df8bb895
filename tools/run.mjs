// `node tools/run.mjs [--production] COMMAND …`: does a command's set-up, then runs it with the
// pinned Node: a script of ours or a package's own command.
import { runMain, runShown } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

await runMain(async () => {
  const args = process.argv.slice(2);
  const production = args[0] === "--production";
  const [command = "", ...rest] = production ? args.slice(1) : args;
  await ensureToolchain({ production });
  return /\.(ts|mjs)$/.test(command)
    ? runShown(process.execPath, [command, ...rest])
    : runShown(command, rest);
});
