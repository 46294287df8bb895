import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../testing/toolchain.mjs";

// Stryker knows no SQL: the conditions of the statements that make a start single and count wrong
// answers, each taken out or turned round by hand.
const claim = /** @type {const} */ ("lib/authorisations/session-store.ts");
const limit = /** @type {const} */ ("lib/authorisations/attempt-limit.ts");
const back = /** @type {const} */ ("lib/authorisations/attempt-counts.ts");
const match = /** @type {const} */ ("lib/authorisations/authorisation-store.ts");
const code = /** @type {const} */ ("lib/banks/connect-code/connect-code-store.ts");

/**
 * @typedef {{ file: typeof claim | typeof limit | typeof back | typeof match | typeof code, was:
 *   string, now: string }} StatementMutant
 */
/** @type {readonly StatementMutant[]} `was` stands once in the file. */
export const statementMutants = [
  // The claim.
  {
    file: claim,
    was: "::uuid AND claimed_at IS NULL AND ${notExpired} AND coalesce(",
    now: "::uuid AND ${notExpired} AND coalesce(",
  },
  {
    file: claim,
    was: "claimed_at IS NULL AND ${notExpired} AND coalesce(",
    now: "claimed_at IS NULL AND coalesce(",
  },
  { file: claim, was: "AND coalesce(parameters_digest = ${digest}, true)", now: "" },
  {
    file: claim,
    was: "coalesce(parameters_digest = ${digest}, true)",
    now: "parameters_digest = ${digest}",
  },
  {
    file: claim,
    was: "coalesce(parameters_digest = ${digest}, true)\n              FOR UPDATE",
    now: "coalesce(parameters_digest = ${digest}, true)",
  },
  {
    file: claim,
    was: " AND (SELECT allowed FROM allowed)\n              RETURNING id, expires_at",
    now: "\n              RETURNING id, expires_at",
  },
  {
    file: claim,
    was: "SET refused_keys = ${keys}::text[] WHERE",
    now: "SET refused_keys = refused_keys WHERE",
  },
  {
    file: claim,
    was: "FROM ready, unnest(${keys}::text[]) AS key",
    now: "FROM unnest(${keys}::text[]) AS key",
  },
  {
    file: claim,
    was: "SET claimed_at = now(), parameters_digest = ${digest}",
    now: "SET claimed_at = now()",
  },
  {
    file: claim,
    was: "redirect_uri = ${parameters.redirectUri}, state = ${parameters.state}\n",
    now: "redirect_uri = redirect_uri, state = ${parameters.state}\n",
  },
  { file: claim, was: "${keys.length === 0 ? 0 : 1}", now: "0" },
  // The parameter set.
  {
    file: match,
    was: "AND parameters_digest IS NULL AND claimed_at IS NULL",
    now: "AND claimed_at IS NULL",
  },
  {
    file: match,
    was: "parameters_digest IS NULL AND claimed_at IS NULL AND ${notExpired}\n",
    now: "parameters_digest IS NULL AND claimed_at IS NULL\n",
  },
  {
    file: match,
    was: "claimed_at IS NULL AND ${notExpired} AND coalesce(parameters_digest = ${digest}, true)",
    now: "${notExpired} AND coalesce(parameters_digest = ${digest}, true)",
  },
  {
    file: match,
    was: "claimed_at IS NULL AND ${notExpired} AND coalesce(parameters_digest = ${digest}, true)",
    now: "claimed_at IS NULL AND coalesce(parameters_digest = ${digest}, true)",
  },
  {
    file: match,
    was: "claimed_at IS NULL AND ${notExpired} AND coalesce(parameters_digest = ${digest}, true)",
    now: "claimed_at IS NULL AND ${notExpired}",
  },
  // The limit of wrong answers.
  { file: limit, was: "maxFailed = 5", now: "maxFailed = 6" },
  { file: limit, was: "WHERE c.failed < ${max} OR c.ends_at <= now()", now: "" },
  { file: limit, was: "WHERE c.failed < ${max} OR", now: "WHERE c.failed <= ${max} OR" },
  {
    file: limit,
    was: "WHERE c.failed < ${max} OR c.ends_at <= now()",
    now: "WHERE c.failed < ${max}",
  },
  {
    file: limit,
    was: "CASE WHEN c.ends_at <= now() THEN 1 ELSE c.failed + 1 END",
    now: "c.failed + 1",
  },
  { file: limit, was: "ELSE c.failed + 1 END", now: "ELSE c.failed END" },
  {
    file: limit,
    was: "CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END",
    now: "c.ends_at",
  },
  {
    file: limit,
    was: "CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END",
    now: "excluded.ends_at",
  },
  {
    file: limit,
    was: "(SELECT max(failed) FROM counted)",
    now: "(SELECT min(failed) FROM counted)",
  },
  {
    file: limit,
    was: "${maxFailed}::int - coalesce((SELECT max(failed_answers) FROM moved), 0),",
    now: "${maxFailed}::int,",
  },
  {
    file: limit,
    was: " UNION SELECT key FROM full_counts) AND ends_at > now()",
    now: " UNION SELECT key FROM full_counts)",
  },
  { file: limit, was: " UNION SELECT key FROM full_counts)", now: " UNION SELECT key FROM keys)" },
  { file: limit, was: "c.failed >= CASE", now: "c.failed > CASE" },
  { file: limit, was: "key NOT IN (SELECT key FROM counted) AND (room", now: "(room" },
  { file: limit, was: " AND (room OR known OR NOT ${isPair(sql`key`)}) END", now: " END" },
  { file: limit, was: "FROM moved), ${failedBefore}, 0) >=", now: "FROM moved), 0) >=" },
  // A known pair.
  { file: limit, was: "maxFailedOfPair = 3", now: "maxFailedOfPair = 4" },
  { file: limit, was: "AND (room OR known)`, sql", now: "`, sql" },
  {
    file: limit,
    was: "CASE WHEN room THEN ${maxFailed}::int ELSE ${maxFailedOfPair}::int END FROM room)",
    now: "${maxFailed}::int)",
  },
  {
    file: limit,
    was: "SELECT (room OR known) AND (SELECT count(*) FROM pair)",
    now: "SELECT room AND (SELECT count(*) FROM pair)",
  },
  {
    file: limit,
    was: "SELECT (room OR known) AND (SELECT count(*) FROM pair)",
    now: "SELECT (SELECT count(*) FROM pair)",
  },
  {
    file: limit,
    was:
      " AND (SELECT count(*) FROM pair) = (SELECT count(*) FROM keys WHERE " +
      "${isPair(sql`key`)}) AS allowed",
    now: " AS allowed",
  },
  {
    file: limit,
    was: "FROM known_pairs WHERE key IN (SELECT key FROM keys))",
    now: "FROM known_pairs)",
  },
  {
    file: limit,
    was:
      "CASE WHEN known THEN ${maxFailedOfPair}::int - (SELECT max(failed) FROM pair) ELSE " +
      "0 END",
    now: "0",
  },
  {
    file: limit,
    was: "(CASE WHEN room THEN ${maxFailed}::int - ",
    now: "(CASE WHEN true THEN ${maxFailed}::int - ",
  },
  // What is taken back.
  {
    file: limit,
    was: "FROM unnest(o.ends) AS e WHERE e = c.ends_at)",
    now: "FROM unnest(o.ends) AS e)",
  },
  {
    file: limit,
    was: "(SELECT count(*) FROM unnest(o.ends) AS e WHERE e = c.ends_at)::int",
    now: "1",
  },
  {
    file: limit,
    was:
      "greatest(0, c.failed - (SELECT count(*) FROM unnest(o.ends) AS e WHERE e = " +
      "c.ends_at)::int)",
    now: "0",
  },
  { file: limit, was: "<> ${step}::int)`", now: "= ${step}::int)`" },
  {
    file: claim,
    was: "CASE WHEN counted_keys @> ${keys}::text[] THEN standing ELSE '[]' END",
    now: "standing",
  },
  {
    file: claim,
    was: "CASE WHEN counted_keys @> ${keys}::text[] THEN standing ELSE '[]' END",
    now: "'[]'::jsonb",
  },
  { file: claim, was: "sql`, standing = ${withoutStep(sql`standing`, from.step)}`", now: "empty" },
  { file: claim, was: "sql`e.step = ${from.step}::int`", now: "sql`true`" },
  { file: back, was: "sql`pair <> '{}' OR ${last}`", now: "sql`true`" },
  { file: back, was: "sql`pair <> '{}' OR ${last}`", now: "last" },
  { file: back, was: 'WHERE ${which === "confirmed"} AND starts_with', now: "WHERE starts_with" },
  {
    file: back,
    was: "UPDATE sessions SET standing = '[]' WHERE",
    now: "UPDATE sessions SET standing = standing WHERE",
  },
  { file: back, was: "key IN (SELECT unnest(pair) FROM ended) AND", now: "false AND" },
  {
    file: back,
    was: "ON CONFLICT (key) DO UPDATE SET confirmed_at = now()",
    now: "ON CONFLICT (key) DO NOTHING",
  },
  { file: claim, was: "elsewhere ? withoutPairs", now: "false ? withoutPairs" },
  {
    file: claim,
    was: "SET refused_keys = ARRAY(SELECT key FROM keys) WHERE",
    now: "SET refused_keys = refused_keys WHERE",
  },
  // An answer of a running session.
  {
    file: claim,
    was:
      "AND state = 'awaiting_user' AND step = ${from.step} AND ${notExpired}\n              FOR " +
      "UPDATE",
    now: "AND step = ${from.step} AND ${notExpired}\n              FOR UPDATE",
  },
  {
    file: claim,
    was:
      "AND state = 'awaiting_user' AND step = ${from.step} AND ${notExpired}\n              FOR " +
      "UPDATE",
    now: "AND state = 'awaiting_user' AND ${notExpired}\n              FOR UPDATE",
  },
  {
    file: claim,
    was:
      "AND state = 'awaiting_user' AND step = ${from.step} AND ${notExpired}\n              FOR " +
      "UPDATE",
    now: "AND state = 'awaiting_user' AND step = ${from.step}\n              FOR UPDATE",
  },
  {
    file: claim,
    was: "step = ${from.step} AND ${notExpired}\n              FOR UPDATE",
    now: "step = ${from.step} AND ${notExpired}",
  },
  {
    file: claim,
    was: "unnest(${earlierKeys} ${keys}::text[])",
    now: "unnest(counted_keys)",
  },
  { file: claim, was: "hasIdentifier ? empty : sql`counted_keys ||`", now: "empty" },
  { file: claim, was: "hasIdentifier ? empty : sql`counted_keys ||`", now: "sql`counted_keys ||`" },
  {
    file: claim,
    was: "WHERE id IN (SELECT id FROM ready) AND failed_answers < ${maxFailed}",
    now: "WHERE id IN (SELECT id FROM ready)",
  },
  {
    file: claim,
    was: " AND (SELECT allowed FROM allowed)\n              RETURNING id, failed_answers",
    now: "\n              RETURNING id, failed_answers",
  },
  {
    file: claim,
    was: "failed_answers = failed_answers + 1",
    now: "failed_answers = failed_answers",
  },
  // The moves of a session.
  {
    file: claim,
    was: "AND state = ${from.state}::session_state AND step = ${from.step}",
    now: "AND step = ${from.step}",
  },
  {
    file: claim,
    was: "AND state = ${from.state}::session_state AND step = ${from.step}",
    now: "AND state = ${from.state}::session_state",
  },
  {
    file: claim,
    was: "AND state = ${from.state}::session_state AND step = ${from.step} AND ${notExpired}",
    now: "AND state = ${from.state}::session_state AND step = ${from.step}",
  },
  { file: claim, was: "sql`AND bank_deadline_at <= now()`", now: "empty" },
  { file: claim, was: "failed_answers - ${back ? 1 : 0}", now: "failed_answers - 0" },
  // Connect codes.
  {
    file: code,
    was:
      "used_at IS NULL AND ends_at > now() AND failed < ${maxFailedCodes}\n              " +
      "RETURNING",
    now: "ends_at > now() AND failed < ${maxFailedCodes}\n              RETURNING",
  },
  {
    file: code,
    was:
      "used_at IS NULL AND ends_at > now() AND failed < ${maxFailedCodes}\n              " +
      "RETURNING",
    now: "used_at IS NULL AND failed < ${maxFailed}\n              RETURNING",
  },
  {
    file: code,
    was:
      "used_at IS NULL AND ends_at > now() AND failed < ${maxFailedCodes}\n              " +
      "RETURNING",
    now: "used_at IS NULL AND ends_at > now()\n              RETURNING",
  },
  {
    file: code,
    was: "WHERE account_keys && ${askedKeys}::text[] AND used_at",
    now: "WHERE used_at",
  },
  { file: code, was: "SET failed = failed + 1", now: "SET failed = failed" },
  { file: code, was: " AND NOT (SELECT known FROM known)", now: "" },
];

/**
 * What `was` matches: the same text, however its lines are broken.
 * @param {string} was
 */
export const pattern = (was) =>
  new RegExp(
    was
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replace(/\s+/g, "\\s+"),
    "g",
  );

/**
 * Returns the mutants whose `was` does not stand exactly once in its file.
 * @param {readonly StatementMutant[]} mutants
 */
export const misplaced = (mutants) =>
  mutants.filter(
    ({ file, was }) =>
      [...readFileSync(path.join(root, file), "utf8").matchAll(pattern(was))].length !== 1,
  );
