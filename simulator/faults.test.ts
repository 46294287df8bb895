import { describe, expect, test } from "vitest";

import { goodAccessToken, requestToken, sendPatch } from "./provider-calls.fixture.ts";
import { startPair } from "./start-with-fake-connector.fixture.ts";

async function startWithPatch() {
  const pair = await startPair();
  const { authorisationId } = await pair.client.createAuthorisation();
  const token = await goodAccessToken(pair.settings);
  return {
    ...pair,
    authorisationId,
    patch: () => sendPatch(pair.settings, authorisationId, token),
  };
}

describe("a scripted fault of PATCH", () => {
  test("answers in the order of the queue, each as often as asked, and then is over", async () => {
    const { client, patch, authorisationId } = await startWithPatch();
    await client.setFaults({
      patch: [
        { status: 429, retryAfter: 3 },
        { status: 503, times: 2 },
      ],
    });
    const answers = [await patch(), await patch(), await patch(), await patch()];
    expect(answers.map(({ status }) => status)).toEqual([429, 503, 503, 200]);
    expect(answers[0]?.headers.get("retry-after")).toBe("3");
    const { patches } = await client.authorisation(authorisationId);
    expect(patches.map(({ applied }) => applied)).toEqual([false, false, false, true]);
    expect(await client.faults()).toEqual({ patch: [], token: [], jwks: [] });
  });

  test("can apply the call and lose the reply", async () => {
    const { client, patch, authorisationId } = await startWithPatch();
    await client.setFaults({ patch: [{ loseReply: true }] });
    await expect(patch()).rejects.toThrow();
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([
      { applied: true, status: null },
    ]);
  });

  test("can cut the connection before the call applies", async () => {
    const { client, patch, authorisationId } = await startWithPatch();
    await client.setFaults({ patch: [{ resetBeforeApply: true }] });
    await expect(patch()).rejects.toThrow();
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([
      { applied: false, status: null },
    ]);
  });

  test.each([{ truncate: true }, { mistype: true }, { trickleMs: 1 }, { answerAfterMs: 10 }])(
    "can apply the call and spoil its answer: %o",
    async (fault) => {
      const { client, patch, authorisationId } = await startWithPatch();
      await client.setFaults({ patch: [fault] });
      const answer = await patch();
      const body = await answer.text().catch(() => "cut off");
      if (fault.truncate) expect(body).toBe("cut off");
      if (fault.mistype) expect(answer.headers.get("content-type")).toBe("text/html");
      if (fault.trickleMs) expect(JSON.parse(body)).toEqual({ data: { id: authorisationId } });
      expect((await client.authorisation(authorisationId)).patches).toMatchObject([
        { applied: true },
      ]);
    },
  );

  test("can answer what is no HTTP, without applying the call", async () => {
    const { client, patch, authorisationId } = await startWithPatch();
    await client.setFaults({ patch: [{ noise: true }] });
    await expect(patch()).rejects.toThrow();
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([
      { applied: false },
    ]);
  });

  test("can hold the answer back", async () => {
    const { client, patch } = await startWithPatch();
    await client.setFaults({ patch: [{ delayMs: 80 }] });
    const before = performance.now();
    expect((await patch()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  test("can wait for one authorisation and let others pass", async () => {
    const { client, patch, settings, authorisationId } = await startWithPatch();
    const other = await client.createAuthorisation();
    await client.setFaults({ patch: [{ status: 500, authorisationId }] });
    const token = await goodAccessToken(settings);
    expect((await sendPatch(settings, other.authorisationId, token)).status).toBe(200);
    expect((await patch()).status).toBe(500);
  });

  test("is gone when the faults are cleared", async () => {
    const { client, patch } = await startWithPatch();
    await client.setFaults({ patch: [{ status: 500, times: 100 }] });
    await client.clearFaults();
    expect((await patch()).status).toBe(200);
  });
});

describe("a scripted fault of Sage ID", () => {
  test("can be a page of a gateway in place of a token", async () => {
    const { client, settings } = await startPair();
    await client.setFaults({ token: [{ status: 502, body: "<h1>Bad gateway</h1>" }] });
    const answer = await requestToken(settings);
    expect(answer.status).toBe(502);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect((await requestToken(settings)).status).toBe(200);
  });

  test("can give a token and lose it on the way", async () => {
    const { client, settings } = await startPair();
    await client.setFaults({ token: [{ loseReply: true }] });
    await expect(requestToken(settings)).rejects.toThrow();
    expect(await client.counts()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test("can give a token of a short life", async () => {
    const { client, settings } = await startPair();
    const { authorisationId } = await client.createAuthorisation();
    await client.setFaults({ token: [{ expiresInSeconds: 0.05 }] });
    const { access_token, expires_in } = await (await requestToken(settings)).json();
    expect(expires_in).toBe(0.05);
    await expect
      .poll(async () => (await sendPatch(settings, authorisationId, access_token)).status)
      .toBe(401);
  });

  test("can keep the keys away, or give others", async () => {
    const { client, settings } = await startPair();
    await client.setFaults({ jwks: [{ status: 503 }, { body: { keys: [] } }] });
    expect((await fetch(settings.SAGE_ID_JWKS_URL)).status).toBe(503);
    expect(await (await fetch(settings.SAGE_ID_JWKS_URL)).json()).toEqual({ keys: [] });
    expect((await (await fetch(settings.SAGE_ID_JWKS_URL)).json()).keys).toHaveLength(1);
  });
});

test("a misspelt name is refused, not ignored", async () => {
  const { client } = await startPair();
  await expect(client.setFaults({ patches: [] } as never)).rejects.toThrow(/Unknown: patches/);
});

describe("random faults", () => {
  test("lets a share of the calls meet a fault, the same ones for the same seed, and counts them", async () => {
    const { client, patch } = await startWithPatch();
    const twenty = async () => {
      await client.setRandomFaults({
        seed: 7,
        patch: { share: 0.5, faults: [{ status: 429 }, { status: 500 }] },
      });
      const statuses = [];
      for (let call = 0; call < 20; call++) statuses.push((await patch()).status);
      return statuses;
    };
    const statuses = await twenty();
    expect(new Set(statuses)).toEqual(new Set([200, 429, 500]));
    expect(await twenty()).toEqual(statuses);
    expect((await client.randomFaultsMet()).patch).toBe(
      2 * statuses.filter((status) => status !== 200).length,
    );
    await client.clearRandomFaults();
    expect((await patch()).status).toBe(200);
  });
});

describe("the Provider API", () => {
  test("can refuse what was applied before, and knows every call", async () => {
    const { client, patch, authorisationId } = await startWithPatch();
    await client.setRules({ repeats: "conflict" });
    expect([(await patch()).status, (await patch()).status]).toEqual([200, 409]);
    expect(await client.providerCalls()).toMatchObject([
      { n: 1, authorisationId, applied: true, status: 200 },
      { n: 2, applied: false, status: 409 },
    ]);
    expect(await client.providerCalls({ after: 1 })).toHaveLength(1);
  });
});
