import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../support/toolchain.mjs'

// Stryker knows no SQL: the conditions of the statements that make a start single and count wrong answers, each taken out or turned round by hand.
const claim = /** @type {const} */ ('lib/authorisations/session-store.ts')
const limit = /** @type {const} */ ('lib/authorisations/answer-limit.ts')
const match = /** @type {const} */ ('lib/authorisations/authorisation-store.ts')
const code = /** @type {const} */ ('lib/banks/connect-code/connect-code-store.ts')

/** @typedef {{ file: typeof claim | typeof limit | typeof match | typeof code, was: string, now: string }} StatementMutant */
/** @type {readonly StatementMutant[]} `was` stands once in the file. */
export const statementMutants = [
  // The claim.
  { file: claim, was: '::uuid AND claimed_at IS NULL AND ${lasts} AND coalesce(', now: '::uuid AND ${lasts} AND coalesce(' },
  { file: claim, was: 'claimed_at IS NULL AND ${lasts} AND coalesce(', now: 'claimed_at IS NULL AND coalesce(' },
  { file: claim, was: 'AND coalesce(parameters_digest = ${digest}, true)', now: '' },
  { file: claim, was: 'coalesce(parameters_digest = ${digest}, true)', now: 'parameters_digest = ${digest}' },
  { file: claim, was: 'coalesce(parameters_digest = ${digest}, true)\n              FOR UPDATE', now: 'coalesce(parameters_digest = ${digest}, true)' },
  { file: claim, was: ' AND (SELECT count(*) FROM counted) = ${keys.length}', now: '' },
  { file: claim, was: 'FROM ready, unnest(${keys}::text[]) AS key', now: 'FROM unnest(${keys}::text[]) AS key' },
  { file: claim, was: 'SET claimed_at = now(), parameters_digest = ${digest}', now: 'SET claimed_at = now()' },
  { file: claim, was: 'redirect_uri = ${parameters.redirectUri}, state = ${parameters.state}\n', now: 'redirect_uri = redirect_uri, state = ${parameters.state}\n' },
  { file: claim, was: '${keys.length === 0 ? 0 : 1}', now: '0' },
  // The parameter set.
  { file: match, was: 'AND parameters_digest IS NULL AND claimed_at IS NULL', now: 'AND claimed_at IS NULL' },
  { file: match, was: 'parameters_digest IS NULL AND claimed_at IS NULL AND ${lasts}\n', now: 'parameters_digest IS NULL AND claimed_at IS NULL\n' },
  { file: match, was: 'claimed_at IS NULL AND ${lasts} AND coalesce(parameters_digest = ${digest}, true)', now: '${lasts} AND coalesce(parameters_digest = ${digest}, true)' },
  { file: match, was: 'claimed_at IS NULL AND ${lasts} AND coalesce(parameters_digest = ${digest}, true)', now: 'claimed_at IS NULL AND coalesce(parameters_digest = ${digest}, true)' },
  { file: match, was: 'claimed_at IS NULL AND ${lasts} AND coalesce(parameters_digest = ${digest}, true)', now: 'claimed_at IS NULL AND ${lasts}' },
  // The limit of wrong answers.
  { file: limit, was: 'mostFailed = 5', now: 'mostFailed = 6' },
  { file: limit, was: 'WHERE c.failed < ${mostFailed} OR c.ends_at <= now()', now: '' },
  { file: limit, was: 'WHERE c.failed < ${mostFailed} OR', now: 'WHERE c.failed <= ${mostFailed} OR' },
  { file: limit, was: 'WHERE c.failed < ${mostFailed} OR c.ends_at <= now()', now: 'WHERE c.failed < ${mostFailed}' },
  { file: limit, was: 'CASE WHEN c.ends_at <= now() THEN 1 ELSE c.failed + 1 END', now: 'c.failed + 1' },
  { file: limit, was: 'ELSE c.failed + 1 END', now: 'ELSE c.failed END' },
  { file: limit, was: 'CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END', now: 'c.ends_at' },
  { file: limit, was: 'CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END', now: 'excluded.ends_at' },
  { file: limit, was: 'SET failed = failed - 1', now: 'SET failed = 0' },
  { file: limit, was: 'SET failed = failed - 1', now: 'SET failed = failed' },
  { file: limit, was: ' AND failed > 0 ORDER BY key', now: ' ORDER BY key' },
  { file: limit, was: '(SELECT max(failed) FROM counted)', now: '(SELECT min(failed) FROM counted)' },
  { file: limit, was: ', (SELECT max(failed_answers) FROM moved), 0)', now: ', 0)' },
  { file: limit, was: ' AND ends_at > now())', now: ')' },
  // An answer of a running session.
  { file: claim, was: "AND state = 'awaiting_user' AND step = ${from.step} AND ${lasts}\n              FOR UPDATE", now: "AND step = ${from.step} AND ${lasts}\n              FOR UPDATE" },
  { file: claim, was: "AND state = 'awaiting_user' AND step = ${from.step} AND ${lasts}\n              FOR UPDATE", now: "AND state = 'awaiting_user' AND ${lasts}\n              FOR UPDATE" },
  { file: claim, was: "AND state = 'awaiting_user' AND step = ${from.step} AND ${lasts}\n              FOR UPDATE", now: "AND state = 'awaiting_user' AND step = ${from.step}\n              FOR UPDATE" },
  { file: claim, was: "step = ${from.step} AND ${lasts}\n              FOR UPDATE", now: 'step = ${from.step} AND ${lasts}' },
  { file: claim, was: 'unnest(${named ? empty : sql`counted_keys ||`} ${keys}::text[])', now: 'unnest(counted_keys)' },
  { file: claim, was: 'named ? empty : sql`counted_keys ||`', now: 'empty' },
  { file: claim, was: 'named ? empty : sql`counted_keys ||`', now: 'sql`counted_keys ||`' },
  { file: claim, was: 'WHERE id IN (SELECT id FROM ready) AND failed_answers < ${mostFailed}', now: 'WHERE id IN (SELECT id FROM ready)' },
  { file: claim, was: ' AND (SELECT count(*) FROM counted) = (SELECT count(*) FROM keys)', now: '' },
  { file: claim, was: 'failed_answers = failed_answers + 1', now: 'failed_answers = failed_answers' },
  // The moves of a session.
  { file: claim, was: 'AND state = ${from.state}::session_state AND step = ${from.step}', now: 'AND step = ${from.step}' },
  { file: claim, was: 'AND state = ${from.state}::session_state AND step = ${from.step}', now: 'AND state = ${from.state}::session_state' },
  { file: claim, was: 'AND state = ${from.state}::session_state AND step = ${from.step} AND ${lasts}', now: 'AND state = ${from.state}::session_state AND step = ${from.step}' },
  { file: claim, was: 'sql`AND bank_deadline_at <= now()`', now: 'empty' },
  { file: claim, was: 'failed_answers - ${back ? 1 : 0}', now: 'failed_answers - 0' },
  { file: claim, was: 'SELECT unnest(counted_keys) FROM moved', now: 'SELECT unnest(counted_keys) FROM sessions' },
  // Connect codes.
  { file: code, was: 'used_at IS NULL AND ends_at > now() AND failed < ${mostFailed}\n              RETURNING', now: 'ends_at > now() AND failed < ${mostFailed}\n              RETURNING' },
  { file: code, was: 'used_at IS NULL AND ends_at > now() AND failed < ${mostFailed}\n              RETURNING', now: 'used_at IS NULL AND failed < ${mostFailed}\n              RETURNING' },
  { file: code, was: 'used_at IS NULL AND ends_at > now() AND failed < ${mostFailed}\n              RETURNING', now: 'used_at IS NULL AND ends_at > now()\n              RETURNING' },
  { file: code, was: 'WHERE account_keys && ${askedKeys}::text[] AND used_at', now: 'WHERE used_at' },
  { file: code, was: 'SET failed = failed + 1', now: 'SET failed = failed' },
  { file: code, was: ' AND NOT (SELECT known FROM known)', now: '' },
]

/** Those of them that do not stand once in their file, since it was changed without them. @param {readonly StatementMutant[]} mutants */
export const misplaced = (mutants) => mutants.filter(({ file, was }) => readFileSync(path.join(root, file), 'utf8').split(was).length !== 2)
