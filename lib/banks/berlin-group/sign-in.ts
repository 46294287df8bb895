import type { Answer, Challenge } from "../../challenges/index.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import { nameInHeader, type Person } from "./state.ts";

/** What the person gives on the first screen. */
export interface SignedIn {
  person: Person;
  password: string | undefined;
}

/** The first screen of a bank, as its settings say. Pure. */
export function firstScreen({ signIn }: Pick<BerlinGroupSettings, "signIn">): Challenge {
  switch (signIn.ask) {
    case "password":
      return { kind: "credentials", prompt: {} };
    case "nothing": {
      const { title, paragraphs } = signIn;
      return {
        kind: "message",
        prompt: { phase: "sign-in", paragraphs, ...(title === undefined ? {} : { title }) },
      };
    }
    case "fields": {
      const { corporate, name, password } = signIn;
      return {
        kind: "credentials",
        prompt: {
          fields: [
            ...(corporate ? [{ name: "corporate", type: "text" as const, ...corporate }] : []),
            { name: "username", type: "text", autocomplete: "username", ...name },
            ...(password
              ? [
                  {
                    name: "password",
                    type: "password" as const,
                    autocomplete: "current-password" as const,
                    ...password,
                  },
                ]
              : []),
          ],
        },
      };
    }
  }
}

/** Whether a password is asked for, so that nothing can be begun again without the person. */
export const asksForPassword = ({ signIn }: Pick<BerlinGroupSettings, "signIn">): boolean =>
  signIn.ask === "password" || (signIn.ask === "fields" && signIn.password !== undefined);

/**
 * Who an answer says it is; undefined for a name that no bank can be told, which is a wrong one.
 * Pure.
 */
export function signedIn(answer: Answer): SignedIn | undefined {
  if (answer.kind === "message")
    return { person: { psu: null, corporate: null }, password: undefined };
  if (answer.kind !== "credentials")
    throw new TypeError("the first screen asks for something else");
  const { username, corporate, password } = answer.value;
  const person = { psu: username ?? null, corporate: corporate ?? null };
  return Object.values(person).every(
    (name) => name === null || nameInHeader.safeParse(name).success,
  )
    ? { person, password }
    : undefined;
}
