import { randomUUID } from "node:crypto";
import { PlainError } from "../../testing/progress.mjs";
import { closedLoop } from "./closed-loop.mjs";
import { createClient } from "./http-client.mjs";
import { connections } from "./notifications.mjs";
import { roundRobin, ratio } from "./rounds.mjs";

const rounds = 9;
const lapMs = 600;

/**
 * `GET /authrefresh` by a server-side caller: the first valid one of an authorisation, which fixes
 * its parameters, and repeats of it, which write nothing.
 * @param {{ connector: import('./stage.mjs').Connector, emptyNext: import('./stage.mjs').Server }}
 *   servers
 * @param {readonly string[]} notified authorisations nobody has entered yet
 */
export async function measureAuthrefresh({ connector, emptyNext }, notified) {
  const client = createClient(connector.url, connections);
  const emptyClient = createClient(emptyNext.url, connections);
  const fresh = [...notified];
  const entered = fresh.splice(0, connections).map((id) => authrefreshPath(connector, id));
  let next = 0;
  const enterFirst = async () => {
    const id = fresh.pop();
    if (!id)
      throw new PlainError(
        "There are not enough authorisations to enter: notifications were much slower than " +
          "entries.",
      );
    await client.send({ path: authrefreshPath(connector, id) });
  };
  const enterAgain = () => client.send({ path: entered[(next += 1) % entered.length] ?? "" });
  await Promise.all(entered.map((path) => client.send({ path })));
  const loop = { callers: connections, forMs: lapMs };
  const sides = [
    { name: "first GET", cpu: connector.cpu, lap: () => closedLoop(loop, enterFirst) },
    { name: "identical repeat", cpu: connector.cpu, lap: () => closedLoop(loop, enterAgain) },
    {
      name: "empty Next route handler",
      cpu: emptyNext.cpu,
      lap: () => closedLoop(loop, () => emptyClient.send({ path: "/empty" })),
    },
  ];
  const [first, repeat, empty] = /** @type {[Figures, Figures, Figures]} */ (
    await roundRobin(sides, rounds)
  );
  client.close();
  emptyClient.close();
  return {
    figures: [first, repeat, empty],
    firstToEmpty: ratio(first, empty),
    repeatToEmpty: ratio(repeat, empty),
  };
}

/** @param {import('./stage.mjs').Connector} connector @param {string} authorisationId */
function authrefreshPath({ settings }, authorisationId) {
  const query = new URLSearchParams({
    bankaccount: "10aaeee6-4691-4443-8198-df39aaa8007c",
    authorisation_id: authorisationId,
    redirect_uri: `http://redirect.localhost:${settings["BANKING_SERVICE_PORT"]}/api/v1/indirectredirect/${authorisationId}`,
    state: randomUUID(),
    externalId: `${randomUUID()}:${randomUUID()}`,
  });
  return `/authrefresh?${query}`;
}

/** @typedef {import('./rounds.mjs').Figures} Figures */
/** @typedef {Awaited<ReturnType<typeof measureAuthrefresh>>} Entry */
