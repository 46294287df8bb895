import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "../../lib/db/db.ts";
import {
  bank,
  code,
  enter,
  open,
  post,
  real,
  see,
  services,
  signIn,
} from "../../testing/journey.ts";

// What somebody finds who has the database, or guesses.
describe("a stolen or edited row", () => {
  const running = async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { authorisationId, screen } = await enter();
    return { authorisationId, screen: open(await see(await post(screen, signIn))) };
  };
  const stepOf = async (id: string) =>
    (await real.db.prisma.session.findUniqueOrThrow({ where: { authorisationId: id } }))
      .sealedStep ?? "";
  const setStep = (id: string, sealed: string) =>
    real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET sealed_step = ${sealed} WHERE authorisation_id = ${id}::uuid
        RETURNING id`,
    );

  test("with the cipher text of another session does not open, and the bank hears of nothing", async () => {
    const [one, other] = [await running(), await running()];
    const [mine, theirs] = [await stepOf(one.authorisationId), await stepOf(other.authorisationId)];
    await setStep(one.authorisationId, theirs);
    await setStep(other.authorisationId, mine);
    for (const { screen } of [one, other])
      await expect(services.showStep(screen.handle)).rejects.toThrow();
    await expect(post(one.screen, { code: "123456" })).rejects.toThrow();
    expect(bank.answer).not.toHaveBeenCalled();
    await setStep(one.authorisationId, mine);
    expect((await services.showStep(one.screen.handle)).screen).toMatchObject({
      type: "challenge",
    });
  });
  test("with an earlier step of the same session put back does not open", async () => {
    const { authorisationId, screen } = await running();
    const earlier = await stepOf(authorisationId);
    bank.answer.mockResolvedValue({
      type: "challenge",
      challenge: code,
      state: null,
      problem: "expired",
    });
    const now = open(await see(await post(screen, { code: "123456", action: "continue" })));
    await setStep(authorisationId, earlier);
    await expect(services.showStep(now.handle)).rejects.toThrow();
  });
  test("is unreadable with every key of the ring, and empty once the session is over", async () => {
    const { authorisationId, screen } = await running();
    expect(
      Buffer.from(await stepOf(authorisationId), "base64url").toString("latin1"),
    ).not.toContain("one-time-code");
    await post(screen, { action: "cancel" });
    expect(
      (await real.db.prisma.session.findUniqueOrThrow({ where: { authorisationId } })).sealedStep,
    ).toBeNull();
  });
});

// `npm run security` tries 100,000.
const guesses = Number(process.env["SECURITY_HANDLES"] ?? 1000);
test(
  `${guesses} guessed handles are nobody's`,
  async () => {
    for (let done = 0; done < guesses; done += 50) {
      const screens = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          services.showStep(
            index % 2
              ? randomBytes(32).toString("base64url")
              : [40, 0, 12, 60, 16]
                  .map((length) => randomBytes(length).toString("base64url"))
                  .join("."),
          ),
        ),
      );
      for (const { screen } of screens) expect(screen).toMatchObject({ type: "gone" });
    }
  },
  60_000 + guesses * 20,
);
