import { type Check, passed } from "./check.ts";
import { approval, approvalEndsMs } from "./checks/approval.ts";
import { memorableCharacters } from "./checks/memorable-characters.ts";
import { message } from "./checks/message.ts";
import { methodChoice } from "./checks/method-choice.ts";
import { code } from "./checks/one-time-code.ts";
import { image } from "./checks/picture-choice.ts";
import { captcha, photo } from "./checks/picture-code.ts";
import { redirect } from "./checks/redirect.ts";
import { car, pet, questions } from "./checks/security-questions.ts";
import { signInFields } from "./checks/sign-in-fields.ts";

const sms = { channel: "sms", destination: "•••• 123", length: 6, sendAgain: true } as const;
const email = {
  channel: "email",
  destination: "a•••@example.com",
  length: 6,
  sendAgain: true,
} as const;

/** Everything the sandbox bank can ask after the password, by its name in `scenarios.ts`. */
export const createChecks = ({
  publicUrl,
}: {
  publicUrl: string;
}): Readonly<Record<string, Check>> => ({
  sms: code(sms),
  email: code(email),
  totp: code({ channel: "app", length: 6 }),
  "card-reader": code(
    { channel: "card-reader", number: "4815 1623", length: 8 },
    { right: "12345678", otherWay: "push" },
  ),
  device: methodChoice(
    { id: "sms", label: "Text message", hint: `To ${sms.destination}`, check: "device-sms" },
    { id: "email", label: "Email", hint: `To ${email.destination}`, check: "device-email" },
    { id: "app", label: "Authenticator app", check: "device-app" },
  ),
  "device-sms": code(sms, { otherWay: "device" }),
  "device-email": code(email, { otherWay: "device" }),
  "device-app": code({ channel: "app", length: 6 }, { otherWay: "device" }),
  car: questions(car),
  "car-and-pet": questions(car, pet),
  memorable: memorableCharacters(2, 5, 7),
  message,
  fields: signInFields,
  push: approval(passed),
  "push-number": approval(passed, { matchNumber: "42" }),
  "push-denied": approval({ type: "again", problem: "denied", memory: "over" }),
  "push-expired": approval(
    { type: "again", problem: "expired", memory: "over" },
    { takesMs: approvalEndsMs },
  ),
  redirect: redirect(publicUrl, "frame"),
  "redirect-window": redirect(publicUrl, "window"),
  photo,
  captcha,
  image,
});
