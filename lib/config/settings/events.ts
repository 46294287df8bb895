import { eventSecrets, eventTypes, hostNames, url, whole } from "../setting-values.ts";
import type { Setting } from "./setting.ts";

/** Settings of the webhook to the provider's own systems. */
export const eventSettings = {
  EVENTS_URL: {
    schema: url.transform((value) => value.href).optional(),
    meaning:
      "Where [events](events.md) are posted; a bank may have its own in the file of banks. Its " +
      "answers are never waited for by people or by Sage.",
    unset: "no events are written or sent",
    whenWrong:
      "Refused: not an https URL, or set without `EVENTS_SECRETS`. The wrong place: log `event " +
      "attempt`, then `event dropped`; `npm run events -- test` shows it at once.",
  },
  EVENTS_SECRETS: {
    schema: eventSecrets.optional(),
    meaning:
      "One secret, or two while it is changed, separated by a comma: `whsec_` and base64 of 24 " +
      "to 64 random bytes. Each event is signed with all of them.",
    unset: "required with `EVENTS_URL`",
    secret: true,
    whenWrong:
      "Refused: another form or length, the same secret twice, more than two. A secret that the " +
      "receiver does not have: its answer (401, say) stands in the log, `event attempt`.",
  },
  EVENTS_TYPES: {
    schema: eventTypes.optional(),
    meaning: "Which types of events are sent, separated by commas.",
    unset: "all of them",
    whenWrong: "Refused: a type that does not exist.",
  },
  EVENTS_PRIVATE_HOSTS: {
    schema: hostNames.default([]),
    meaning:
      "Hosts of the URL that are in a private network, by their exact names, separated by " +
      "commas. Nothing else there is ever called.",
    whenWrong:
      "Refused: not a host name. Missing: log `event attempt` with `private-address`, and the " +
      "event is tried again.",
  },
  EVENTS_RETRY_DAYS: {
    schema: whole(1, 30).default(3),
    meaning: "How long an event is tried again, with growing pauses, in days; 1 to 30.",
    whenWrong: "Refused: out of range. Too short: log `event dropped`; `replay` sends it again.",
  },
  EVENTS_KEEP_DAYS: {
    schema: whole(1, 90).default(7),
    meaning: "How long events are kept once they are delivered or dropped, in days; 1 to 90.",
    whenWrong: "Refused: out of range. Too short: `npm run events -- replay` does not find it.",
  },
} satisfies Record<string, Setting>;
