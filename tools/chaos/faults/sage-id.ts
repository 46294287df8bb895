import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { waitUntil } from "../../../testing/wait-until.mjs";
import type { Fault, Setup } from "../scenario.ts";
import { streamOf } from "../stream-of.ts";

export const takeSageIdDown: Fault = async ({ sage, history }) => {
  const down = {
    share: 1,
    faults: [{ status: 503 }, { resetBeforeApply: true }, { delayMs: 10_000 }],
  };
  await sage.setRandomFaults({ token: down, jwks: down });
  history.fault("Sage ID down for 3 s");
  await pause(3000);
};

export const revokeTokens: Fault = async ({ sage, history }) => {
  await sage.setRandomFaults({
    token: { share: 0.2, faults: [{ status: 500 }, { truncate: true }] },
  });
  await sage.revokeTokens();
  history.fault("tokens revoked");
  await pause(2500);
};

export const countTokens: Setup =
  async ({ sage, history }) =>
  async () =>
    history.measured("tokens asked for", (await sage.counts()).tokensIssued);

export const badPerSecond = 1000;
const minuteMs = 60_000;

/** Tokens with unknown key ids at one replica for a minute; meanwhile the keys are rotated. */
export const floodKeys: Fault = async ({ history, sage, world, balancer }) => {
  const { headers } = world.notification(randomUUID());
  const [, payload = "", signature = ""] = (headers?.["authorization"] ?? "").split(".");
  const notificationWith = (authorization: string) => ({
    ...world.notification(randomUUID()),
    headers: { ...headers, authorization },
  });
  const bad = () => {
    const header = Buffer.from(
      JSON.stringify({ alg: "RS256", typ: "JWT", kid: randomUUID() }),
    ).toString("base64url");
    return { call: notificationWith(`Bearer ${header}.${payload}.${signature}`), right: [401] };
  };
  const before = (await sage.counts()).jwksRequests;
  const sentBefore = history.events.length;
  const from = performance.now();
  const stop = streamOf(
    { history, balancer: { send: (call) => balancer.sendTo(1, call) } },
    "garbage",
    badPerSecond,
    bad,
  );
  await pause(5000);
  await sage.rotateKeys({ keepPrevious: true });
  const authorization = `Bearer ${await sage.token()}`;
  const rotated = performance.now();
  const taken = waitUntil(
    async () => {
      await pause(200);
      return (await balancer.sendTo(1, notificationWith(authorization))).status === 200;
    },
    { what: "the new key", withinMs: 2 * minuteMs },
  ).then(
    () => performance.now() - rotated,
    () => 2 * minuteMs,
  );
  await pause(minuteMs - (performance.now() - from));
  const seconds = (performance.now() - from) / 1000;
  history.measured("JWKS calls in a minute", (await sage.counts()).jwksRequests - before);
  await stop();
  const sent = history.events
    .slice(sentBefore)
    .filter(
      (event) => event.what === "answer" && event.call === "garbage" && event.right.includes(401),
    ).length;
  history.fault("tokens with an unknown key id", sent);
  history.measured("bad tokens a second", sent / seconds);
  history.measured("new key taken after, s", (await taken) / 1000);
};
