import type { HistoryEvent } from "../history.ts";

type Of<What extends HistoryEvent["what"]> = Extract<HistoryEvent, { what: What }>;

/** All that is known of one authorisation. */
export interface Case {
  id: string;
  acknowledged: boolean;
  saw: Of<"saw">[];
  patches: Of<"patch">[];
  told: Of<"told">[];
  bank: Of<"bank">[];
  stored: Of<"stored"> | undefined;
}

export const only = <What extends HistoryEvent["what"]>(
  events: readonly HistoryEvent[],
  what: What,
) => events.filter((event): event is Of<What> => event.what === what);

/** The history sorted by what it is about. */
export function byAuthorisation(events: readonly HistoryEvent[]): Case[] {
  const cases = new Map<string, Case>();
  const of = (id: string) => {
    const found = cases.get(id) ?? {
      id,
      acknowledged: false,
      saw: [],
      patches: [],
      told: [],
      bank: [],
      stored: undefined,
    };
    cases.set(id, found);
    return found;
  };
  for (const event of events) {
    if (event.what === "answer" && event.id !== undefined && event.call === "notification") {
      const about = of(event.id);
      if (event.status === 200) about.acknowledged = true;
    }
    if (event.what === "saw") of(event.id).saw.push(event);
    if (event.what === "patch") of(event.id).patches.push(event);
    if (event.what === "told") of(event.id).told.push(event);
    if (event.what === "bank") of(event.id).bank.push(event);
    if (event.what === "stored") of(event.id).stored = event;
  }
  return [...cases.values()];
}
