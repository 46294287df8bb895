import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../clock/clock.ts";
import { createLog } from "../log/log.ts";
import { watchBanksFile } from "./watch-banks-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "banks-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "banks.json");
const write = (...names: string[]) =>
  writeFileSync(
    file,
    JSON.stringify({ banks: names.map((name) => ({ bankId: name, name, adapter: "sandbox" })) }),
  );

let lines: { event: string; problem?: string; count?: number }[] = [];
let taken: string[][] = [];
let nowMs = 0;
const destination = new Writable({
  write: (chunk, _encoding, done) => {
    lines.push(JSON.parse(String(chunk)));
    done();
  },
});
const watch = () =>
  watchBanksFile({
    file,
    context: { theme: {}, sandboxAllowed: true },
    take: (banks) => taken.push(banks.map(({ name }) => name)),
    clock: { ...systemClock, monotonicMs: () => nowMs },
    log: createLog("info", destination),
  });
const times = async (count: number, checkFile: () => Promise<void>) => {
  for (let checks = 0; checks < count; checks += 1) await checkFile();
};
beforeEach(() => {
  lines = [];
  taken = [];
});

test("a change is taken once it stands still, and only once", async () => {
  const { checkFile } = watch();
  write("one");
  await checkFile();
  write("one", "two");
  await checkFile();
  expect(taken).toEqual([]);
  await checkFile();
  await checkFile();
  expect(taken).toEqual([["one", "two"]]);
  expect(lines).toMatchObject([{ event: "banks loaded", count: 2 }]);
});

test("a change that is not right is told once, with all its problems, and not taken", async () => {
  const { checkFile } = watch();
  writeFileSync(
    file,
    JSON.stringify({
      banks: [
        { bankId: "one", name: "", adapter: "riddle" },
        { bankId: "", name: "x", adapter: "sandbox" },
      ],
    }),
  );
  await times(4, checkFile);
  expect(taken).toEqual([]);
  expect(lines.map(({ event }) => event)).toEqual(
    Array.from({ length: lines.length }, () => "banks file refused"),
  );
  expect(lines.map(({ problem }) => problem?.split(":")[0])).toEqual([
    "banks[0].adapter",
    "banks[1].bankId",
  ]);
});

test("a file that goes away is told once, and taken again when it is back", async () => {
  const { checkFile } = watch();
  rmSync(file, { force: true });
  await times(3, checkFile);
  expect(lines).toMatchObject([{ event: "banks file refused", problem: "cannot be read" }]);
  write("one");
  await times(3, checkFile);
  expect(taken).toEqual([["one"]]);
});

test("secrets in files of their own are read again after a minute", async () => {
  const { checkFile } = watch();
  write("one");
  await times(3, checkFile);
  nowMs += 60_000;
  await checkFile();
  await checkFile();
  expect(taken).toHaveLength(2);
  expect(lines).toHaveLength(1);
});
