import { type Verdict, wrong } from "../sandbox.ts";

/** The ways, and the check that each leads to. */
const methods: readonly { id: string; label: string; hint?: string; check: string }[] = [
  { id: "sms", label: "Text message", hint: "To •••• 123", check: "device-sms" },
  { id: "email", label: "Email", hint: "To a•••@example.com", check: "device-email" },
  { id: "app", label: "Authenticator app", check: "device-app" },
];

/** A choice of ways, before anything is sent. */
export const methodChoiceSandbox = {
  checks: {
    device: {
      ask: () => ({
        methods: methods.map(({ id, label, hint }) => ({
          id,
          label,
          ...(hint === undefined ? {} : { hint }),
        })),
      }),
      answer({ method }: { method: string }): Verdict {
        const chosen = methods.find(({ id }) => id === method);
        return chosen ? { type: "instead", check: chosen.check } : wrong;
      },
    },
  },
  users: {
    user_device: {
      checks: ["device"],
      answers: "Code 123456",
      expect: "A choice of text message, email or app, then a code.",
    },
  },
};
