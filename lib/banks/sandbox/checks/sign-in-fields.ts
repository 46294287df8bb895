import type { Challenge } from "../../../challenges/index.ts";
import { type Check, passed, wrong } from "../check.ts";

type Fields = NonNullable<Extract<Challenge, { kind: "credentials" }>["prompt"]["fields"]>;

const fields: Fields = [
  {
    name: "customer-number",
    label: "Customer number",
    hint: "It is on your bank statement.",
    type: "number-like",
    minLength: 8,
    maxLength: 8,
  },
  {
    name: "pin",
    label: "Telephone banking PIN",
    type: "password",
    inputMode: "numeric",
    minLength: 4,
    maxLength: 6,
  },
];

const sandboxFields: Readonly<Record<string, string>> = {
  "customer-number": "48151623",
  pin: "2468",
};

/** Fields of the bank's own, after user name and password. */
export const signInFields: Check = {
  ask: () => ({ kind: "credentials", prompt: { fields, more: true } }),
  answer: (answer) =>
    answer.kind === "credentials" &&
    fields.every(({ name }) => answer.value[name] === sandboxFields[name])
      ? passed
      : wrong,
};
