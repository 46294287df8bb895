import { isSecret } from "../../challenges/credentials/sign-in-field.ts";
import type { Answer, Challenge } from "../../challenges/index.ts";

/**
 * Who an answer says it is: its user name or, where the bank has fields of its own, all of the
 * first screen's that are no secret. One of them alone may be a branch, whose customers would share
 * five tries. Pure.
 * @param first the bank's first challenge.
 */
export function personIn(answer: Answer, first: Challenge): string | string[] | undefined {
  if (answer.kind !== "credentials") return undefined;
  const { username } = answer.value;
  if (username !== undefined) return username;
  const fields = first.kind === "credentials" ? (first.prompt.fields ?? []) : [];
  const said = fields.filter((field) => !isSecret(field)).map(({ name }) => answer.value[name]);
  return said.every((text) => text !== undefined) && said.some(Boolean) ? said : undefined;
}
