import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { startLocalServer } from "../lib/sage/local-server.fixture.ts";

/** An event as a provider's own system takes it: its signature checked by somebody else's library. */
export interface ReceivedEvent {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** A new secret of a webhook. */
const newEventSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

/**
 * A provider's endpoint for events. It keeps what it took, in the order of arrival, repeats
 * included.
 * @param answer what it does with an event that is signed; 204 unless told. What it answers below
 *   300 it has taken.
 */
export async function startEventReceiver(
  answer: (event: ReceivedEvent, response: ServerResponse) => unknown = (_, response) =>
    response.writeHead(204).end(),
) {
  const secret = newEventSecret();
  const received: ReceivedEvent[] = [];
  const badSignatures: unknown[] = [];
  const behaviour = { answer };
  const server = await startLocalServer((response, { headers, body }) => {
    let event: Omit<ReceivedEvent, "id">;
    try {
      event = new Webhook(secret).verify(body, headers as Record<string, string>) as typeof event;
    } catch (error) {
      badSignatures.push(error);
      response.writeHead(401).end();
      return;
    }
    const whole = { id: String(headers["webhook-id"]), ...event };
    received.push(whole);
    void behaviour.answer(whole, response);
  });
  return {
    url: `${server.url}/events`,
    secret,
    /** Every signed event that came. */
    received,
    badSignatures,
    /** Changes what it does from now on. */
    behave: (next: typeof answer) => void (behaviour.answer = next),
    of: (authorisationId: string) =>
      received.filter(
        ({ data }) =>
          data["authorisationId"] === authorisationId || data["resourceId"] === authorisationId,
      ),
    close: server.close,
  };
}
