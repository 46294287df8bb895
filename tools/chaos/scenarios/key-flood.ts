import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { waitUntil } from "../../../testing/wait-until.mjs";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { streamOf } from "../stream-of.ts";

const badPerSecond = 1000;
const minuteMs = 60_000;

export const keyFlood: Scenario = {
  name: "key-flood",
  fault: `${badPerSecond} tokens a second with key ids nobody knows, for a minute at one replica; keys rotated meanwhile`,
  promised:
    "≤ 2 JWKS calls in that minute; every bad token refused; a token of the new key " +
    "taken within a minute",
  promises: {
    may503: true,
    mayCut: false,
    delivery: { share: 0.99, withinMs: 15_000 },
    atMost: { "JWKS calls in a minute": 2, "new key taken after, s": 61 },
    atLeast: { "bad tokens a second": badPerSecond * 0.9 },
  },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 1,
  async run(testBed, rounds) {
    const { load, history, sage, world, balancer } = testBed;
    const people = load({ persons: 20 });
    await pause(5000);
    const { headers } = world.notification(randomUUID());
    const [, payload = "", signature = ""] = (headers?.["authorization"] ?? "").split(".");
    const bad = () => {
      const header = Buffer.from(
        JSON.stringify({ alg: "RS256", typ: "JWT", kid: randomUUID() }),
      ).toString("base64url");
      return {
        call: {
          ...world.notification(randomUUID()),
          headers: { ...headers, authorization: `Bearer ${header}.${payload}.${signature}` },
        },
        right: [401],
      };
    };
    for (let round = 0; round < rounds; round++) {
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
          const { status } = await balancer.sendTo(1, {
            ...world.notification(randomUUID()),
            headers: { ...headers, authorization },
          });
          return status === 200;
        },
        { what: "the new key", withinMs: 2 * minuteMs },
      ).then(
        () => performance.now() - rotated,
        () => 2 * minuteMs,
      );
      await pause(minuteMs - (performance.now() - from));
      const seconds = (performance.now() - from) / 1000;
      history.note({
        what: "measured",
        name: "JWKS calls in a minute",
        value: (await sage.counts()).jwksRequests - before,
      });
      await stop();
      const sent = history.events
        .slice(sentBefore)
        .filter(
          (event) =>
            event.what === "answer" && event.call === "garbage" && event.right.includes(401),
        ).length;
      history.note({ what: "fault", fault: "tokens with an unknown key id", count: sent });
      history.note({ what: "measured", name: "bad tokens a second", value: sent / seconds });
      history.note({
        what: "measured",
        name: "new key taken after, s",
        value: (await taken) / 1000,
      });
    }
    await people.stop();
  },
  measured: (figures) =>
    `${figures.measured["JWKS calls in a minute"]} JWKS calls under ${Math.round(figures.measured["bad tokens a second"] ?? 0)} bad tokens/s; new key taken after ${Math.round(figures.measured["new key taken after, s"] ?? 0)} s; ${figures.answers503} answers of 503; ${deliveries(figures)}`,
};
