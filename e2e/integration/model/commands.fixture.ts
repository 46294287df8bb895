import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { expect } from "vitest";
import { appendState } from "../../../lib/authrefresh/redirect-uri.ts";
import { isDatabaseUnavailable } from "../../../lib/db/db.ts";
import { resultShownSeconds } from "../../../lib/authorisations/session-record.ts";
import { postedForm } from "../../../lib/authrefresh/posted-form.fixture.ts";
import type { FormResult } from "../../../lib/authrefresh/claim-authorisation.ts";
import type { Case, ParameterSet, SeenForm } from "./case.fixture.ts";
import { type Saying, sayings } from "./scripted-bank.fixture.ts";
import { type Reply, replies } from "./scripted-sage.fixture.ts";
import { letPass, snapshotOf } from "./snapshot.fixture.ts";

// What happened to the authorisation lies in the database and in the case; there is no second model
// to keep in step with it.
type Model = object;
type Command = fc.AsyncCommand<Model, Case>;

const command = (
  name: string,
  run: (about: Case) => Promise<unknown>,
  check: () => boolean = () => true,
): Command => ({
  check,
  run: async (_, about) => {
    if (about.abandoned) return;
    try {
      await run(about);
      await about.observe(name);
    } catch (error) {
      // A machine so busy that its own PostgreSQL cannot be reached in 2 s: to a person a 503. What
      // was done is open then, so nothing more is made of this sequence.
      if (!isDatabaseUnavailable(error)) throw error;
      about.abandoned = true;
    }
  },
  toString: () => name,
});

/**
 * How long a delivery that is due waits for one of the loops, in milliseconds; a few times as often
 * as they look.
 */
const tookMs = 150;

const isOver = ({ before }: Case) => before?.over ?? false;
const isClaimed = ({ before }: Case) => before?.claimed ?? false;

const notify = (times: number) =>
  command(`notify ×${times}`, async (about) => {
    const before = about.before?.receipts ?? 0;
    const body = JSON.stringify({
      type: "resourceCreated",
      resource: { id: about.id, type: "authorisation", url: "NA" },
    });
    const headers = new Headers({
      "x-key": "k".repeat(40),
      authorization: `Bearer ${about.world.sage.token}`,
    });
    const posted = {
      headers,
      readJson: async () => ({ ok: true, text: body, bytes: new Uint8Array() }) as const,
    };
    const receipts = await Promise.all(
      Array.from({ length: times }, () => about.replica.receiveNotification(posted)),
    );
    expect(new Set(receipts)).toEqual(new Set(["recorded"]));
    expect((await snapshotOf(about.world.db, about.id))?.receipts).toBe(before + times);
  });

const enter = (set: ParameterSet, bind: boolean) =>
  command(`${bind ? "GET" : "HEAD"} with its ${set} parameters`, async (about) => {
    // Nobody waits here for a notification that is not on its way.
    if (!about.before) return;
    const fixedTo = about.entered;
    const open = !isClaimed(about) && !isOver(about) && (fixedTo === undefined || fixedTo === set);
    const opened = await about.replica.handleAuthrefresh.fromQuery(about.query(set), { bind });
    expect(opened.type).toBe(open ? "open" : "refused");
    if (opened.type !== "open") return;
    about.keep(opened.screen, set);
    if (bind) about.entered = set;
  });

/** An entry that overtakes its notification, and waits for it. */
const enterEarly = command("GET, then its notification", async (about) => {
  if (about.before) return;
  const entering = about.replica.handleAuthrefresh.fromQuery(about.query("own"), { bind: true });
  await notify(1).run({}, about);
  const opened = await entering;
  expect(opened.type).toBe("open");
  if (opened.type === "open") about.keep(opened.screen, "own");
  about.entered = "own";
});

const fields = {
  good: { username: "ada", password: "secret", code: "123456", action: "continue" },
  empty: { action: "continue" },
  cancel: { action: "cancel" },
  leave: { action: "leave" },
  check: { action: "check" },
};
type Typed = keyof typeof fields;

/** Posts a form that was once on a screen, so many times at once, to both replicas. */
const post = (which: number, typed: Typed, next: Saying, copies: number) =>
  command(
    `post ${typed} on form ${which}${copies > 1 ? ` ×${copies}` : ""}, bank: ${next}`,
    async (about) => {
      // Mostly the newest; the others are what Back and other tabs hold.
      const form = about.forms.at(which < 5 ? -1 : which % Math.max(1, about.forms.length));
      if (!form) return;
      about.account.next = next;
      const asked = about.account.calls.length;
      const body = { ...fields[typed], form_token: form.token };
      const send = (): Promise<FormResult> =>
        form.step === undefined
          ? about.replica.claimAuthorisation(form.handle, postedForm(body), "en-GB")
          : about.replica.submitAnswer(form.handle, postedForm(body));
      const expected =
        form.step === undefined ? expectedOfStart(about, form) : expectedOfStep(about, form);
      const locked = about.locked && typed === "good";
      const mayAsk =
        expected === "see-other" && typed === "good" && !locked && mayAnswer(about, form);
      const posted = await Promise.all(Array.from({ length: copies }, send));
      // Why a first screen comes back is sealed anew each time.
      expect(
        new Set(posted.map((each) => JSON.stringify({ ...each, limitNotice: undefined }))).size,
      ).toBe(1);
      const [answer] = posted;
      if (expected !== "either") expect(answer?.type).toBe(expected);
      expect(about.account.calls.length - asked).toBeLessThanOrEqual(mayAsk ? 1 : 0);
      if (answer?.type !== "see-other") return;
      const comesBack = form.step === undefined && locked && about.claimedBy === undefined;
      if (form.step === undefined) expect(answer.handle === form.handle).toBe(comesBack);
      if (comesBack) {
        const { screen } = await about.replica.showStep(answer.handle, {
          limitNotice: answer.limitNotice,
        });
        expect(screen).toMatchObject({
          type: "challenge",
          version: "first",
          content: { pageProblem: "too-many-tries" },
        });
        return void about.keep(screen, form.entered);
      }
      if (form.step === undefined) {
        about.claimedBy ??= form.token;
        about.sessionHandle ??= answer.handle;
      } else if (answer.handle !== form.handle) {
        if (form.handle === about.sessionHandle) about.sessionHandle = answer.handle;
        about.answeredBy.set(form.handle, form.token);
      }
      about.keep((await about.replica.showStep(answer.handle)).screen);
    },
  );

function expectedOfStart(about: Case, { token, entered }: SeenForm): "see-other" | "gone" {
  if (about.claimedBy !== undefined) return about.claimedBy === token ? "see-other" : "gone";
  return isOver(about) || (about.entered !== undefined && about.entered !== entered)
    ? "gone"
    : "see-other";
}

/**
 * A form leads where it led before; one beside the form that was answered leads nowhere any more,
 * and neither does one of a result that has been there for long enough.
 */
function expectedOfStep(
  { before, answeredBy }: Case,
  { handle, token }: SeenForm,
): "see-other" | "gone" | "either" {
  const answered = answeredBy.get(handle);
  if (answered !== undefined) return answered === token ? "see-other" : "gone";
  return isFaded(before) === undefined ? "either" : isFaded(before) ? "gone" : "see-other";
}

/** Whether the result is no longer shown; undefined where it may be either by now. */
function isFaded(before: Case["before"]): boolean | undefined {
  const seconds = before?.settled_for ?? 0;
  return Math.abs(seconds - resultShownSeconds) < 5 ? undefined : seconds > resultShownSeconds;
}

/**
 * Whether an answer on this form may reach the bank: it is the step that is open, and nothing is
 * over.
 */
function mayAnswer({ before, claimedBy, answeredBy }: Case, { step, handle }: SeenForm): boolean {
  if (step === undefined) return claimedBy === undefined;
  if (answeredBy.has(handle)) return false;
  return (
    before?.state !== "finished" &&
    before?.state !== "awaiting_bank" &&
    before?.step === step &&
    !before.over
  );
}

const lock = (locked: boolean) =>
  command(
    locked ? "others use up the account’s tries" : "the others’ count ends",
    async (about) => {
      await about.world.lock(about.externalId, locked);
      about.locked = locked;
    },
  );

const look = (poll: boolean, polled: Case["account"]["polled"]) =>
  command(poll ? `the script asks, bank: ${polled}` : "reload", async (about) => {
    if (about.sessionHandle === undefined) {
      const first = about.forms.find(({ step }) => step === undefined);
      if (!first) return;
      const { screen } = await about.replica.showStep(first.handle);
      const open =
        !isClaimed(about) &&
        !isOver(about) &&
        (about.entered === undefined || about.entered === first.entered);
      expect(screen.type).toBe(open ? "challenge" : "gone");
      about.keep(screen, first.entered);
      return;
    }
    about.account.polled = polled;
    const { screen } = await about.replica.showStep(about.sessionHandle, { poll });
    about.keep(screen);
    if (screen.type === "gone")
      return void expect([screen.error, isFaded(about.before) ?? true]).toEqual(["over", true]);
    if (screen.type !== "finished" && screen.type !== "left") return;
    const { return_state = "" } = about.before ?? {};
    expect(screen.returnUrl).toBe(appendState(about.redirectUri, return_state ?? ""));
    if (screen.type === "left") return;
    const { sage } = about.world;
    if (screen.result === "authorised") {
      expect(about.account.agreed).toBe(true);
      if (screen.deliveryStatus === "delivered")
        expect(sage.patches(about.id).some(({ applied }) => applied)).toBe(true);
    }
  });

const pass = (seconds: number) =>
  command(`${seconds} s pass`, async (about) => {
    await letPass(about.world.db, about.id, seconds);
    // Time for a replica to find what is due now.
    if (about.before?.delivery === "pending") await pause(tookMs);
  });

const answerHeld = (status: 200 | 429 | 500) =>
  command(`Sage answers what it held: ${status}`, async (about) => {
    about.world.sage.answerHeld(about.id, status);
    if (about.before?.delivery === "pending") await pause(20);
  });

const plan = (next: readonly Reply[]) =>
  command(`Sage: ${next.join(", ")}`, async (about) => about.world.sage.plan(about.id, next));

/**
 * A success whose PATCH takes effect while its owner is frozen: another one takes over, and then
 * the answer comes.
 */
const frozenOwner = (status: 200 | 429 | 500) =>
  command(`success with its owner frozen, then ${status}`, async (about) => {
    about.world.sage.plan(about.id, ["held", "held"]);
    await post(0, "good", "authorised", 1).run({}, about);
    await pass(11).run({}, about);
    await about.observe("taken over");
    await answerHeld(status).run({}, about);
  });

const oneOf = <const T>(...from: readonly T[]) => fc.constantFrom(...from);

/** Everything that can happen, the likelier the more often it stands here. */
export const allCommands: fc.Arbitrary<Command>[] = [
  oneOf(1, 1, 1, 2, 5).map(notify),
  fc
    .tuple(oneOf<ParameterSet>("own", "own", "own", "other"), oneOf(true, true, true, false))
    .map((args) => enter(...args)),
  fc.constant(enterEarly),
  ...Array.from({ length: 8 }, () =>
    fc
      .tuple(
        fc.nat(7),
        oneOf<Typed>(
          "good",
          "good",
          "good",
          "good",
          "good",
          "good",
          "good",
          "good",
          "good",
          "good",
          "empty",
          "cancel",
          "leave",
          "check",
        ),
        oneOf(
          ...sayings,
          "authorised",
          "authorised",
          "authorised",
          "asks",
          "asks",
          "waits",
          "wrong",
          "wrong",
        ),
        oneOf(1, 1, 2, 4),
      )
      .map((args) => post(...args)),
  ),
  oneOf(true, false, false).map(lock),
  fc
    .tuple(fc.boolean(), oneOf("pending", "pending", "authorised", "refused", "away"))
    .map((args) => look(...args)),
  oneOf(1, 1, 1, 11, 11, 11, 36, 36, 400, 1200).map(pass),
  ...Array.from({ length: 3 }, () =>
    fc
      .array(oneOf(...replies, "held", "lost", "refused"), { minLength: 1, maxLength: 5 })
      .map(plan),
  ),
  oneOf(200, 429, 500).map(answerHeld),
  oneOf(200, 429, 500).map(frozenOwner),
];

/** How most journeys begin, so that sequences get somewhere. */
export const opening: readonly Command[] = [notify(1), enter("own", true)];
