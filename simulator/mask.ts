/** What stands in the place of a secret. */
export const MASK = "••••••";

/** Shows that a secret was sent, without the secret. */
export function masked(secret: string | undefined): string {
  return secret === undefined ? "(none)" : MASK;
}
