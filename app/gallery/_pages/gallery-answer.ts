import type { ReactElement } from "react";
import type { Translator } from "../../../lib/i18n/translator.ts";
import { contentSecurityPolicy } from "../../../lib/web/csp.ts";
import { htmlResponse } from "../../../lib/web/html.ts";
import { problemResponse } from "../../../lib/web/problem.ts";
import { services } from "../../../lib/services.ts";
import { isNavigation } from "../../_answers/caller.ts";
import { answerHtml, errorAnswer } from "../../_answers/html.tsx";

/** Where the gallery is. */
export const galleryUrl = () => `${services().settings.publicUrl}/gallery`;

/**
 * Nothing is here unless the setting says so; the answer is that of any address that is nobody's.
 */
export const inGallery = (request: Request, answer: () => Promise<Response>) =>
  answerHtml(request, async () =>
    services().settings.gallery
      ? answer()
      : isNavigation(request.headers)
        ? errorAnswer(request, "not-found")
        : problemResponse(404),
  );

/** What is posted in the gallery goes nowhere. */
export const refuseInGallery = (request: Request) =>
  inGallery(request, () => Promise.resolve(problemResponse(405, { allow: "GET, HEAD" })));

/** The policy of the product, but for where the script asks whether another screen is due. */
export const galleryDocument = (body: ReactElement, translator: Translator) =>
  answer(
    body,
    translator,
    contentSecurityPolicy(services().settings, services().assets.script.integrity, "/gallery/"),
  );

/**
 * A page that stands for one of Sage's: it lets a piece of ours be styled, and its script go
 * nowhere.
 */
export const foreignDocument = (body: ReactElement, translator: Translator) =>
  answer(
    body,
    translator,
    `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; ` +
      `form-action 'none'; frame-ancestors ` +
      services().settings.frameAncestors.join(" "),
  );

const answer = (body: ReactElement, translator: Translator, policy: string) =>
  htmlResponse({
    status: 200,
    body,
    as: "document",
    policy,
    headers: { "content-language": translator.locale },
  });
