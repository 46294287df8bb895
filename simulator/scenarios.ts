import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { generalUsers, sandboxPassword } from "../lib/banks/sandbox/users.ts";
import type { SandboxPart, SandboxUser } from "../lib/challenges/sandbox.ts";

/** One of the sandbox bank's user names, with what to type and what to expect. */
type Scenario = {
  readonly userName: string;
  /** Codes and answers to give after the password; empty when there are none. */
  readonly answers: string;
  readonly expect: string;
};

/** The password of every sandbox user. */
export const SANDBOX_PASSWORD = sandboxPassword;

const kinds = path.resolve(import.meta.dirname, "../lib/challenges");

/**
 * The users of each kind of challenge, from its folder: the list of kinds leads to their views,
 * which Node alone does not read.
 */
async function usersOfKinds(): Promise<Record<string, SandboxUser>[]> {
  const files = readdirSync(kinds)
    .map((kind) => path.join(kinds, kind, "sandbox.ts"))
    .filter((file) => existsSync(file));
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(file).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) =>
    Object.values(module)
      .filter((part) => typeof part === "object" && part !== null && "users" in part)
      .map((part) => (part as SandboxPart<unknown, unknown>).users),
  );
}

/**
 * The cheat sheet: every user name of the sandbox bank of this version.
 *
 * The simulator cannot see or fill in the connector's form, which is on another site. So it tells
 * the person what to type.
 */
export const SCENARIOS: readonly Scenario[] = Object.entries(
  Object.assign({}, generalUsers, ...(await usersOfKinds())) as Record<string, SandboxUser>,
).map(([userName, { answers, expect }]) => ({ userName, answers, expect }));
