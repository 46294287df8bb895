import type { SignInField } from "./sign-in-field.ts";

const customerNumber: SignInField = {
  name: "customer-number",
  label: "Customer number",
  hint: "It is on your bank statement.",
  type: "number-like",
  autocomplete: "username",
  minLength: 6,
  maxLength: 12,
};
const pin: SignInField = {
  name: "pin",
  label: "Telephone banking PIN",
  type: "password",
  inputMode: "numeric",
  minLength: 4,
  maxLength: 6,
};

export const credentialsExamples = [
  { name: "user name and password", prompt: {} },
  {
    name: "fields of the bank’s own",
    prompt: {
      fields: [
        customerNumber,
        {
          name: "password",
          label: "Online banking password",
          type: "password" as const,
          autocomplete: "current-password" as const,
        },
        pin,
      ],
    },
  },
  { name: "more after a first screen", prompt: { fields: [pin], more: true } },
  {
    name: "long, Arabic and emoji labels",
    prompt: {
      fields: [
        {
          name: "username",
          label: "اسم المستخدم أو رقم العميل",
          hint: "تجده في كشف حسابك البنكي.",
          type: "text" as const,
          autocomplete: "username" as const,
        },
        { name: "nickname", label: "🏦👩‍💻 Nickname", type: "text" as const },
        {
          name: "id",
          label:
            `Passport, driving licence or residence permit number. ${"Take the one you showed us last. ".repeat(20)}`.trim(),
          hint: "x".repeat(200),
          type: "text" as const,
          secret: true,
        },
      ],
    },
  },
];
