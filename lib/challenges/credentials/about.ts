import type { AboutKind } from "../challenge.ts";

export const credentialsAbout: AboutKind = {
  handOver:
    "nothing, for user name and password; or `fields`, each with name, label, type " +
    "and, where you have them, hint, keyboard, what a browser may fill in, limits, " +
    "whether it is secret. `more` where it is not the first sign-in screen",
  get:
    "an entry for each field, by your name for it: `{ username, password }`. Names are " +
    "trimmed, secrets are as typed",
  withoutMemory: [
    {
      asked: "user name and password, fields of a bank's own (`credentials`)",
      how: "a password manager fills them in, by the tokens of WCAG 1.3.5; paste",
    },
  ],
};
