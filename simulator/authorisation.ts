import type { ArrivalRecord, NotificationAnswer, PatchRecord, EmbedMode } from "./control-api.ts";

/** One authorisation as Banking Service keeps it. */
export type Authorisation = {
  readonly authorisationId: string;
  readonly bankaccount: string;
  readonly externalId: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly embedMode: EmbedMode;
  notification: NotificationAnswer | null;
  readonly patches: PatchRecord[];
  readonly arrivals: ArrivalRecord[];
  /** The two that make a feed active, in the order in which they first happened. */
  readonly milestones: Set<"patched" | "arrived">;
};

/**
 * Whether the PATCH took effect before the browser came back, as it must (Sage’s developer pages,
 * "The flow", 6).
 *
 * @returns null until both happened
 */
export function patchedBeforeArrival(milestones: Authorisation["milestones"]): boolean | null {
  return milestones.size < 2 ? null : milestones.values().next().value === "patched";
}
