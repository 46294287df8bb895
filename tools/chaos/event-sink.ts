import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../simulator/draws.ts";
import { startEventReceiver } from "../../testing/event-receiver.ts";
import type { History } from "./history.ts";

/** A provider's endpoint for events that may do anything instead of taking one. */
export interface EventSink {
  settings: Record<string, string>;
  /** From now on such a share of the events meets a fault. */
  spoil(share: number): void;
  /** Takes connections and says nothing, until it is thawed. */
  freeze(): void;
  thaw(): void;
  faultsMet(): number;
  close(): Promise<void>;
}

const faults = ["500", "429", "reset", "late", "lost reply"] as const;

/** @param draw decides which event meets a fault. */
export async function startEventSink(history: History, draw: () => number): Promise<EventSink> {
  let share = 0;
  let met = 0;
  let thawed = Promise.resolve();
  let thaw: () => void = () => undefined;
  const receiver = await startEventReceiver(async (event, response) => {
    const { data } = event;
    const id = String(data["authorisationId"] ?? data["resourceId"]);
    const note = (taken: boolean) =>
      history.note({
        what: "told",
        id,
        event: event.id,
        type: event.type,
        sequence: Number(data["sequence"]),
        grant: typeof data["grant"] === "string",
        taken,
      });
    await thawed;
    const fault = draw() < share ? pick(draw, faults) : undefined;
    if (fault) met += 1;
    switch (fault) {
      case "500":
      case "429":
        response.writeHead(Number(fault)).end();
        return void note(false);
      case "reset":
        response.destroy();
        return void note(false);
      case "lost reply":
        // The receiver has it, and the connector cannot know.
        note(true);
        return void response.destroy();
      case "late":
        await pause(1500);
        break;
      case undefined:
    }
    note(true);
    response.writeHead(204).end();
  });
  return {
    settings: { EVENTS_URL: receiver.url, EVENTS_SECRETS: receiver.secret },
    spoil: (next) => void (share = next),
    freeze() {
      thawed = new Promise((resolve) => (thaw = resolve));
    },
    thaw: () => thaw(),
    faultsMet: () => met,
    close: receiver.close,
  };
}
