import { expect } from "vitest";
import type { Case } from "./case.fixture.ts";
import type { Snapshot } from "./snapshot.fixture.ts";

const lifetimeSeconds = 1140;

/**
 * What is so at every moment of every sequence (issue 4, "Proof"). `before` and `now` are what was
 * stored before and after the last thing that was done.
 */
export function checkInvariants(
  about: Case,
  before: Snapshot | undefined,
  now: Snapshot | undefined,
): void {
  const { account, id, world } = about;
  const patches = world.sage.patches(id);
  const so = (holds: boolean, what: string) => {
    if (!holds)
      expect.fail(
        `${what}\nafter ${about.done.join(", ")}\nbefore ${JSON.stringify(before)}\nnow    ` +
          `${JSON.stringify(now)}\nbank   ${JSON.stringify(account)}\nSage   ` +
          JSON.stringify(patches),
      );
  };
  if (!now) {
    so(before === undefined, "an acknowledged authorisation is gone");
    so(account.calls.length === 0, "the bank was asked without a notification");
    return;
  }
  so(now.sessions <= 1 && (now.sessions === 1) === now.claimed, "one claim, one session");
  so(now.claimed || account.calls.length === 0, "the bank is asked only after the claim");
  so(
    Math.abs(now.lifetime - lifetimeSeconds) < 0.01,
    "no repeat of the notification moves the expiry",
  );
  so(
    account.afterwards === 0,
    "the bank is not asked again after its last word, five failures included",
  );
  so(account.wrong <= 5, "at most five failures");

  if (before) {
    so(
      before.digest === null || before.digest === now.digest,
      "the parameters stay what they were fixed to",
    );
    so(
      !before.claimed ||
        (now.claimed &&
          before.redirect_uri === now.redirect_uri &&
          before.return_state === now.return_state),
      "what was frozen at the claim stays",
    );
    if (before.state === "finished")
      so(
        now.state === "finished" &&
          now.step === before.step &&
          now.result === before.result &&
          now.reason === before.reason,
        "nothing moves after the end",
      );
    if (before.delivery !== null && before.delivery !== "pending")
      so(now.delivery === before.delivery, "nothing moves after the outcome is settled");
    so(
      before.attempts.every(
        ({ number, result }, index) =>
          now.attempts[index]?.number === number &&
          (result === null || now.attempts[index]?.result === result),
      ),
      "the record of attempts only grows",
    );
    so(
      before.attempts
        .slice(0, -1)
        .every(({ result }, index) => now.attempts[index]?.result === result),
      "who lost the lease writes nothing",
    );
  }
  if (now.claimed)
    so(
      now.redirect_uri === about.redirectUri &&
        now.return_state === (now.return_state === "made-up" ? "made-up" : about.state),
      "the way back is frozen as it was entered",
    );
  so(
    (now.state === "finished") === (now.result !== null) &&
      (now.result !== null) === (now.delivery !== null),
    "an end has a result and an outcome, in one statement",
  );
  so(
    now.result !== "authorised" || account.agreed,
    "success only after the bank agreed and showed the account",
  );
  so(
    (now.result === "authorised") === (now.delivery !== null && now.delivery !== "not_required"),
    "Sage is told of successes, and of nothing else",
  );
  so(
    now.attempts.every(({ number }, index) => number === index + 1),
    "no attempt is missing",
  );
  so(patches.length <= now.attempts.length, "an attempt is on record before it is sent");
  so(patches.length === 0 || now.result === "authorised", "a PATCH only after a success");
  so(
    patches.every(({ body }) => body === '{"data":{"status":"success"}}'),
    "a PATCH tells of a success",
  );
  so(patches.filter(({ applied }) => applied).length <= 1, "one effect");
  so(
    now.delivery !== "delivered" || patches.some(({ applied }) => applied),
    "delivered means that it took effect",
  );
  const unclear = now.attempts
    .slice(0, -1)
    .some(({ result }) => result === null || result === "unclear");
  so(
    now.delivery !== "probably_applied" || unclear,
    "probably applied only after an attempt that was unclear",
  );
}
