import { passed, type SandboxContext, type Verdict, wrong } from "../sandbox.ts";
import type { OneTimeCodePrompt } from "./prompt.ts";

/** Right everywhere; it opens nothing but this sandbox. */
export const sandboxCode = "123456";

const sendAgainEveryMs = 30_000;

const sms = { channel: "sms", destination: "•••• 123", length: 6, sendAgain: true } as const;
const email = {
  channel: "email",
  destination: "a•••@example.com",
  length: 6,
  sendAgain: true,
} as const;
const app = { channel: "app", length: 6 } as const;

/** A second code within half a minute has to wait for its time, as banks do it. */
function sendAgain({ memory, nowMs }: SandboxContext): Verdict {
  const lastMs = typeof memory === "number" ? memory : -Infinity;
  const waitMs = lastMs + sendAgainEveryMs - nowMs;
  if (waitMs > 0) return { type: "again", notice: "wait", waitSeconds: Math.ceil(waitMs / 1000) };
  return { type: "again", notice: "sent-again", memory: nowMs };
}

/** A code, however it reaches the person. */
const code = (
  prompt: OneTimeCodePrompt,
  { right = sandboxCode, ...more }: { right?: string; otherWay?: string } = {},
) => ({
  ask: () => prompt,
  answer(answer: { sendAgain: true } | { code: string }, context: SandboxContext) {
    if ("sendAgain" in answer) return sendAgain(context);
    return answer.code === right ? passed : wrong;
  },
  ...more,
});

const typed = `Code ${sandboxCode}`;

/** Codes by every channel. */
export const oneTimeCodeSandbox = {
  checks: {
    sms: code(sms),
    email: code(email),
    totp: code(app),
    "card-reader": code(
      { channel: "card-reader", number: "4815 1623", length: 8 },
      { right: "12345678", otherWay: "push" },
    ),
    "device-sms": code(sms, { otherWay: "device" }),
    "device-email": code(email, { otherWay: "device" }),
    "device-app": code(app, { otherWay: "device" }),
  },
  users: {
    user_sms: {
      checks: ["sms"],
      answers: typed,
      expect: "A code by text message; a new one can be sent.",
    },
    user_email: {
      checks: ["email"],
      answers: typed,
      expect: "A code by email; a new one can be sent.",
    },
    user_totp: { checks: ["totp"], answers: typed, expect: "A code from an authenticator app." },
    user_card_reader: {
      checks: ["card-reader"],
      answers: "Reply 12345678",
      expect: "A card reader, with challenge 4815 1623.",
    },
  },
};
