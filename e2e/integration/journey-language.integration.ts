import { describe, expect, test } from "vitest";
import {
  bank,
  real,
  services,
  code,
  authorised,
  enter,
  post,
  see,
  open,
  patchesOf,
  signIn,
} from "../../testing/journey.ts";
import { postedForm } from "../../lib/authrefresh/posted-form.fixture.ts";

describe("the language of a session", () => {
  const startIn = async (locale: string) => {
    const { screen, ...rest } = await enter();
    const posted = await services.claimAuthorisation(
      screen.handle,
      postedForm({ form_token: screen.formToken, ...signIn }),
      locale,
    );
    if (posted.type !== "see-other") throw new Error(posted.type);
    return { handle: posted.handle, ...rest };
  };

  test("is the one in which it was claimed, until another one is chosen", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { handle } = await startIn("fr-CA");
    expect(await services.showStep(handle)).toMatchObject({ locale: "fr-CA" });
    expect(await services.showStep(handle, { setLocale: "de-DE" })).toMatchObject({
      locale: "de-DE",
    });
    expect(await services.showStep(handle)).toMatchObject({ locale: "de-DE" });
  });
  test("changes alone: the step, its address and its version stay, and the bank hears nothing of it", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: code,
      state: null,
      problem: "wrong",
    });
    const { handle } = await startIn("en-GB");
    const { bank: name, version, ...rest } = open((await services.showStep(handle)).screen);
    const before = {
      bank: name,
      handle,
      version,
      ...("content" in rest ? { content: rest.content } : {}),
    };
    const shown = await Promise.all(
      ["de-DE", "de-DE", "pt-PT", "es-ES"].map((setLocale) =>
        services.showStep(handle, { setLocale }),
      ),
    );
    for (const { screen } of shown) expect(screen).toMatchObject(before);
    expect(bank.start).toHaveBeenCalledTimes(1);
    expect(bank.answer).not.toHaveBeenCalled();
  });
  test("is told to the bank with the next answer", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    bank.answer.mockResolvedValue(authorised);
    const { handle, authorisationId } = await startIn("en-GB");
    const screen = open((await services.showStep(handle, { setLocale: "es-ES" })).screen);
    expect(await see(await post(screen, { code: "123456", action: "continue" }))).toMatchObject({
      type: "finished",
      result: "authorised",
    });
    expect(bank.start).toHaveBeenCalledWith(
      expect.objectContaining({ locale: "en-GB" }),
      expect.anything(),
    );
    expect(bank.answer).toHaveBeenCalledWith(
      expect.objectContaining({ locale: "es-ES" }),
      expect.anything(),
    );
    expect(await patchesOf(authorisationId)).toHaveLength(1);
  });
  test("can still be chosen when it is over, and tells Sage nothing more", async () => {
    bank.start.mockResolvedValue(authorised);
    const { handle, authorisationId } = await startIn("en-GB");
    expect(await services.showStep(handle, { setLocale: "de-DE" })).toMatchObject({
      screen: { type: "finished", result: "authorised" },
      locale: "de-DE",
    });
    expect(await services.showStep(handle)).toMatchObject({ locale: "de-DE" });
    expect(await patchesOf(authorisationId)).toHaveLength(1);
  });
  test("changed in the form of a step keeps what was typed into it, but no secret, and answers nothing", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: { kind: "credentials", prompt: {} },
      state: null,
      problem: "wrong",
    });
    const { handle, authorisationId } = await startIn("en-GB");
    const before = open((await services.showStep(handle)).screen);
    const sealedBefore = await real.db.prisma.session.findUniqueOrThrow({
      where: { authorisationId },
    });
    const typed = { username: "grace", password: "not for us", form_token: before.formToken };
    expect(
      await services.submitAnswer(
        handle,
        postedForm({ ...typed, action: "language", lang: "de-DE" }),
      ),
    ).toEqual({ type: "see-other", handle });
    const { screen: after, locale } = await services.showStep(handle);
    expect(locale).toBe("de-DE");
    expect(after).toEqual({
      ...before,
      formToken: expect.any(String),
      secondsLeft: expect.any(Number),
      content: { ...("content" in before ? before.content : {}), fields: { username: "grace" } },
    });
    // Sealed anew, and nothing else in the row is another.
    const { sealedStep, ...row } = await real.db.prisma.session.findUniqueOrThrow({
      where: { authorisationId },
    });
    expect({ ...row, locale: "en-GB" }).toEqual({ ...sealedBefore, sealedStep: undefined });
    expect(sealedStep).not.toBe(sealedBefore.sealedStep);
    expect(bank.start).toHaveBeenCalledTimes(1);
    expect(bank.answer).not.toHaveBeenCalled();
  });
  test("is not changed by a form that names none of ours, nor by one that is not of the session", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { handle } = await startIn("en-GB");
    const { formToken } = open((await services.showStep(handle)).screen);
    for (const lang of ["xx", "", "__proto__"])
      await services.submitAnswer(
        handle,
        postedForm({ action: "language", lang, form_token: formToken }),
      );
    expect(
      await services.submitAnswer(
        handle,
        postedForm({ action: "language", lang: "de-DE", form_token: "made-up" }),
      ),
    ).toEqual({ type: "cross-origin-post" });
    expect((await services.showStep(handle)).locale).toBe("en-GB");
  });
  test("changed in the form of an earlier step changes alone", async () => {
    const signInAgain = {
      type: "challenge",
      challenge: { kind: "credentials", prompt: {} },
      state: null,
      problem: "wrong",
    } as const;
    bank.start.mockResolvedValue(signInAgain);
    bank.answer.mockResolvedValue(signInAgain);
    const { handle } = await startIn("en-GB");
    const earlier = open((await services.showStep(handle)).screen);
    const now = open(await see(await post(earlier, { ...signIn, username: "grace" })));
    await services.submitAnswer(
      handle,
      postedForm({
        action: "language",
        lang: "fr-FR",
        username: "eve",
        form_token: earlier.formToken,
      }),
    );
    expect(await services.showStep(now.handle)).toMatchObject({
      locale: "fr-FR",
      screen: { type: "challenge", content: { fields: { username: "grace" } } },
    });
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
  test("posted to the first screen claims nothing and answers nothing", async () => {
    const { screen } = await enter();
    expect(await post(screen, { ...signIn, action: "language", lang: "de-DE" })).toEqual({
      type: "see-other",
      handle: screen.handle,
    });
    expect((await services.showStep(screen.handle)).screen).toMatchObject({
      type: "challenge",
      content: { fields: {} },
    });
    expect(bank.start).not.toHaveBeenCalled();
  });
  test("is nobody's where there is no session", async () => {
    expect(await services.showStep("garbage", { setLocale: "de-DE" })).toEqual({
      screen: { type: "gone", error: "gone" },
    });
    const { screen } = await enter();
    expect(await services.showStep(screen.handle, { setLocale: "de-DE" })).toMatchObject({
      screen: { type: "challenge" },
    });
    expect((await services.showStep(screen.handle, { setLocale: "de-DE" })).locale).toBeUndefined();
  });
});
