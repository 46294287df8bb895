import type { SessionStore } from "../authorisations/session-store.ts";
import type { FormFields } from "../challenges/challenge.ts";
import { isLocale } from "../i18n/catalogues.ts";
import { sessionRef, type OpenSession, type SessionSteps } from "../journey/session-steps.ts";
import { transition } from "../journey/transition.ts";

/**
 * Chooses the language named in a posted form; what else the form held is kept as far as it is no
 * secret, if it is the form of the step that is open. Answers nothing.
 * @throws DatabaseUnavailable
 */
export type ChangeLanguage = (
  session: OpenSession,
  fields: FormFields,
  options: { keep: boolean },
) => Promise<void>;

export function createChangeLanguage({
  sessions,
  steps,
}: {
  sessions: SessionStore;
  steps: SessionSteps;
}): ChangeLanguage {
  return async (session, fields, { keep }) => {
    const { lang = "" } = fields;
    if (!isLocale(lang)) return;
    const { record, status } = session;
    const next =
      keep && status.state === "awaiting_user"
        ? transition(status, { type: "locale-changed", fields })
        : undefined;
    const kept =
      next !== undefined &&
      next.state !== "finished" &&
      (await steps.saveFields(sessionRef(session), next, lang));
    // The step went on meanwhile, or had nothing to keep: its language changes all the same.
    if (!kept) await sessions.setLocale(record.id, lang);
  };
}
