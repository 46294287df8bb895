import type { OneTimeCodePrompt } from "./prompt.ts";

export const oneTimeCodeExamples: readonly {
  name: string;
  prompt: OneTimeCodePrompt;
  invalid?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}[] = [
  {
    name: "by text message",
    prompt: { channel: "sms", destination: "•••• 123", length: 6, sendAgain: true },
  },
  {
    name: "by text message, eight digits, never again",
    prompt: { channel: "sms", destination: "•••• 9", length: 8 },
  },
  { name: "by text message, nobody says where to", prompt: { channel: "sms", length: 6 } },
  { name: "by email, nobody says where to", prompt: { channel: "email", length: 6 } },
  {
    name: "by email, with letters, for 10 minutes",
    prompt: {
      channel: "email",
      destination: "a•••@example.com",
      length: 10,
      format: "letters-and-digits",
      validMinutes: 10,
      sendAgain: true,
    },
  },
  {
    name: "by email, to a long address",
    prompt: {
      channel: "email",
      destination: `${"a".repeat(60)}@${"very-long-".repeat(2)}domain.example`,
      length: 4,
    },
  },
  { name: "from an app", prompt: { channel: "app", length: 6, validMinutes: 1 } },
  {
    name: "from an app, however long, with a note",
    prompt: {
      channel: "app",
      maxLength: 10,
      format: "letters-and-digits",
      note:
        "Öffnen Sie die App und wählen Sie „Freigaben“. <b>Niemand</b> fragt Sie am Telefon " +
        "danach.",
    },
    invalid: { "other characters": { code: "ab-12!" } },
  },
  { name: "in a way that is not told", prompt: { channel: "other", length: 6 } },
  {
    name: "in a way that only the bank has a name for",
    prompt: { channel: "other", method: "chipTAN QR, Karte 4711", maxLength: 8 },
  },
  {
    name: "from an app, with a connection id",
    prompt: {
      channel: "app",
      length: 8,
      identifier: {
        label: "Connection id",
        hint: "It stands above the code.",
        characters: "digits",
        minLength: 6,
        maxLength: 6,
      },
    },
    invalid: {
      "no id": { code: "12345678" },
      "letters in the id": { code: "12345678", "field-identifier": "48ab" },
    },
  },
  {
    name: "from a card reader",
    prompt: { channel: "card-reader", number: "4815 1623", length: 8 },
  },
  {
    name: "from a card reader, long, with letters",
    prompt: {
      channel: "card-reader",
      number: "A1B2C3D4E5F6G7H8I9J0K1L2M3N4O5P6",
      length: 12,
      format: "letters-and-digits",
    },
  },
];
