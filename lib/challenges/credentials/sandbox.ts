import type { SignInField } from "./sign-in-field.ts";

const fields = [
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
] satisfies SignInField[];

/** Fields of the bank's own, after user name and password. */
export const credentialsSandbox = {
  checks: {
    fields: {
      ask: () => ({ fields, more: true }),
      right: { "customer-number": "48151623", pin: "2468" },
    },
  },
  users: {
    user_fields: {
      checks: ["fields"],
      answers: "Customer number 48151623, PIN 2468",
      expect: "Asks for a customer number and a PIN after the password.",
    },
  },
};
