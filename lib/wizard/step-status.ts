import { handleDigest } from "../authorisations/handles.ts";
import type { SessionStatusRow } from "../authorisations/session-record.ts";
import type { SessionStore } from "../authorisations/session-store.ts";
import { kindOf } from "../challenges/index.ts";
import type { Screen } from "../journey/screen.ts";
import { type ShowStep, versionOf } from "./show-step.ts";

/** What the script asks: whether another screen is due. */
interface StepStatus {
  version: string;
  /** Until Sage's limit, while it runs. */
  secondsLeft?: number;
  /** When to ask again, in milliseconds, where a bank says how often it wants to be asked. */
  nextMs?: number;
}

export interface GetStepStatus {
  /**
   * Which screen is due at a handle's address; undefined for none. With `poll` the bank is asked,
   * where it is time to. Only then, and where the time is over, is the step opened: it may hold a
   * picture, and this is asked every few seconds.
   * @throws DatabaseUnavailable
   */
  (handle: string, options: { poll: boolean }): Promise<StepStatus | undefined>;
}

const [minMs, latestMs] = [250, 5000];

export function createGetStepStatus({
  sessions,
  showStep,
}: {
  sessions: SessionStore;
  showStep: ShowStep;
}): GetStepStatus {
  return async (handle, { poll }) => {
    const status = handle.includes(".")
      ? undefined
      : await sessions.getStatus(handleDigest(handle));
    return status && !isDue(status, poll)
      ? toStepStatus(status)
      : shown((await showStep(handle, { poll })).screen);
  };
}

const isDue = ({ state, time_over, bank_overdue, poll_in_ms }: SessionStatusRow, poll: boolean) =>
  state !== "finished" &&
  (time_over || bank_overdue || (poll && state === "awaiting_user" && (poll_in_ms ?? 0) <= 0));

function toStepStatus(status: SessionStatusRow): StepStatus {
  const { state, leaving, seconds_left, poll_in_ms } = status;
  const runs = state === "awaiting_user" || (state === "awaiting_bank" && !leaving);
  return {
    version: versionOf(status),
    ...(runs ? { secondsLeft: seconds_left } : {}),
    // Another tab or replica may ask before, so the next look is not later than usual.
    ...(state === "awaiting_user" && poll_in_ms !== null
      ? { nextMs: Math.min(Math.max(poll_in_ms, minMs), latestMs) }
      : {}),
  };
}

function shown(screen: Screen): StepStatus | undefined {
  // Gone on elsewhere: another screen is due here, which says so.
  if (screen.type === "gone")
    return screen.error === "gone" ? undefined : { version: screen.error };
  if (screen.type === "unknown-bank") return undefined;
  const seconds =
    screen.type === "challenge" ? kindOf(screen.content.challenge).pollSeconds : undefined;
  return {
    version: screen.version,
    ...("secondsLeft" in screen ? { secondsLeft: screen.secondsLeft } : {}),
    // However seldom the bank is to be asked: it may ask to be (ping.ts), and looking costs it
    // nothing.
    ...(seconds === undefined ? {} : { nextMs: Math.min(seconds * 1000, latestMs) }),
  };
}
