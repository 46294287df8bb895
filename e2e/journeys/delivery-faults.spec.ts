import type { Fault } from "../../simulator/control-api.ts";
import { expect, test } from "../support/connector-test.ts";
import { follow, headingOf, start } from "../support/raw-journey.ts";
import { success } from "../support/wizard.ts";
import { words } from "../support/words.ts";

/** What can go wrong with a PATCH for a while, and what became of the first try. */
const passing: [what: string, fault: Fault, status: number | null][] = [
  ["is told to slow down (429)", { status: 429, retryAfter: 1 }, 429],
  ["is told that Sage is busy (503)", { status: 503, retryAfter: 1 }, 503],
  ["meets a fault of Sage’s (500)", { status: 500 }, 500],
  ["is cut off before Sage took it", { resetBeforeApply: true }, null],
  ["is cut off after Sage took it", { loseReply: true }, null],
  ["gets an answer too late", { delayMs: 5000 }, null],
];

for (const [what, fault, status] of passing) {
  test(`a delivery that ${what} is made again until it arrives, and the screen says so in the end`, async ({
    create,
    faults,
    bankingService,
    database,
  }) => {
    const { authrefreshUrl, authorisationId } = await create();
    await faults(authorisationId, fault);
    const { posted } = await start(authrefreshUrl, "user_good");
    await expect
      .poll(async () => headingOf(await follow(posted)))
      .toContain(words("authorised.heading"));
    const { patches } = await bankingService.authorisation(authorisationId);
    expect(patches.map(({ body }) => body)).toEqual([success, success]);
    expect(patches[1]?.status).toBe(200);
    // Answered or not, a late answer stands in the log of the simulator as it was sent.
    if (!fault.delayMs) expect(patches[0]?.status).toBe(status);
    expect((await database.stored(authorisationId)).delivery).toBe("delivered");
  });
}
