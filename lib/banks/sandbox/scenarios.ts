import { type Challenge, challengeKinds } from "../../challenges/index.ts";
import type { SandboxCheck } from "../../challenges/sandbox.ts";
import { generalUsers, type Scenario } from "./users.ts";

/**
 * The sandbox users of the contract: the user name picks the scenario. A name that is not here is a
 * wrong user name.
 */
export const scenarios: Readonly<Record<string, Scenario>> = {
  ...generalUsers,
  ...Object.fromEntries(challengeKinds.flatMap(({ sandbox }) => Object.entries(sandbox.users))),
};

/** A check, and the kind of challenge that it asks. */
export interface KindCheck extends SandboxCheck<unknown, unknown> {
  kind: Challenge["kind"];
}

/** Everything the sandbox bank can ask after the password, by the name it has in its kind. */
export const checks: Readonly<Record<string, KindCheck>> = Object.fromEntries(
  challengeKinds.flatMap(({ kind, sandbox }) =>
    Object.entries<object>(sandbox.checks).map(([name, check]) => [
      name,
      // A list of different kinds has no common type for "an answer of this kind".
      { kind, ...(check as SandboxCheck<unknown, unknown>) },
    ]),
  ),
);
