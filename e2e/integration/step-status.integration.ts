import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { BankResult } from "../../lib/banks/bank-adapter.ts";
import { sql } from "../../lib/db/db.ts";
import {
  authorised,
  bank,
  enter,
  open,
  post,
  real,
  see,
  services,
  signIn,
} from "../../testing/journey.ts";

describe("what the script is told", () => {
  const versions = async (handle: string) => {
    const { screen } = await services.showStep(handle);
    return [
      (await services.getStepStatus(handle, { poll: false }))?.version,
      "version" in screen ? screen.version : undefined,
    ];
  };
  test("is the screen that is due, whatever that is", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await enter();
    const seen = new Set<string | undefined>();
    const due = async (handle: string) => {
      const [told, shown] = await versions(handle);
      expect(told).toBe(shown);
      seen.add(told);
    };
    await due(screen.handle);
    const working = open(await see(await post(screen, signIn)));
    await due(working.handle);
    await real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET bank_deadline_at = now() - interval '1 second'
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
    // The step comes back for who asks this way, too.
    expect((await services.getStepStatus(working.handle, { poll: false }))?.version).toContain(
      "awaiting_user",
    );
    await due(working.handle);
    await real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET expires_at = now()
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
    expect(await services.getStepStatus(working.handle, { poll: false })).toEqual({
      version: expect.stringContaining("finished"),
    });
    await due(working.handle);
    expect(seen.size).toBe(4);
    answer(authorised);
    await services.settled();
  });
  test("is nothing at a handle that is none", async () => {
    expect(await services.getStepStatus("garbage", { poll: true })).toBeUndefined();
    expect(await services.getStepStatus("gar.ba.ge", { poll: true })).toBeUndefined();
  });
});
