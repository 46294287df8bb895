import { scenarios as known } from "../lib/banks/sandbox/scenarios.ts";

/** One of the sandbox bank's user names, with what to type and what to expect. */
type Scenario = {
  readonly userName: string;
  /** Codes and answers to give after the password; empty when there are none. */
  readonly answers: string;
  readonly expect: string;
};

/** The password of every sandbox user. */
export const SANDBOX_PASSWORD = "pass_good";

/**
 * contract.md, "Sandbox bank".
 *
 * The simulator cannot see or fill in the connector's form, which is on another site. So it tells
 * the person what to type.
 */
const contract: readonly Scenario[] = [
  {
    userName: "user_sms",
    answers: "Code 123456",
    expect: "A code by text message; a new one can be sent.",
  },
  { userName: "user_good", answers: "", expect: "Signs in, with no second step." },
  {
    userName: "user_email",
    answers: "Code 123456",
    expect: "A code by email; a new one can be sent.",
  },
  { userName: "user_totp", answers: "Code 123456", expect: "A code from an authenticator app." },
  {
    userName: "user_card_reader",
    answers: "Reply 12345678",
    expect: "A card reader, with challenge 4815 1623.",
  },
  {
    userName: "user_device",
    answers: "Code 123456",
    expect: "A choice of text message, email or app, then a code.",
  },
  {
    userName: "user_questions",
    answers: "First car: blue. First pet: rover",
    expect: "Two security questions on one page.",
  },
  {
    userName: "user_memorable",
    answers: "Characters 2, 5 and 7 of sandpiper: a, p, p",
    expect: "Three characters of a memorable word.",
  },
  {
    userName: "user_photo",
    answers: "Code 123456",
    expect: "A picture to scan with the bank’s app. It can be refreshed.",
  },
  { userName: "user_image", answers: "The lighthouse", expect: "A choice of pictures." },
  {
    userName: "user_push",
    answers: "",
    expect: "Approval in the bank’s app, given after about 4 seconds.",
  },
  {
    userName: "user_push_number",
    answers: "Number 42",
    expect: "The same, with a number to match.",
  },
  {
    userName: "user_push_denied",
    answers: "",
    expect: "The approval is refused in the bank’s app.",
  },
  { userName: "user_push_expired", answers: "", expect: "The approval is never given." },
  {
    userName: "user_two_rounds",
    answers: "Code 123456, then first car: blue",
    expect: "A code by text message, then a security question.",
  },
  {
    userName: "user_redirect",
    answers: "",
    expect: "Finishes on a page of the bank’s own and comes back.",
  },
  {
    userName: "user_unknown_kind",
    answers: "",
    expect: "The bank asks something the connector has no screen for.",
  },
  {
    userName: "user_wrong_account",
    answers: "",
    expect: "Signs in, but the account is not among those shown.",
  },
  { userName: "user_locked", answers: "", expect: "Refused: the account is locked." },
  { userName: "user_suspended", answers: "", expect: "Refused: the account is suspended." },
  { userName: "user_password_expired", answers: "", expect: "Refused: the password has expired." },
  {
    userName: "user_action_needed",
    answers: "",
    expect: "Refused: something must be done at the bank first.",
  },
  { userName: "user_slow", answers: "", expect: "The bank answers after 8 seconds." },
  { userName: "user_down", answers: "", expect: "The bank is unavailable." },
  { userName: "user_broken", answers: "", expect: "The bank adapter fails." },
];

/**
 * What the sandbox bank shows beyond the contract: ways of a bank that no user of the contract has.
 */
const beyond: readonly Scenario[] = [
  {
    userName: "user_fields",
    answers: "Customer number 48151623, PIN 2468",
    expect: "Asks for a customer number and a PIN after the password.",
  },
  { userName: "user_message", answers: "", expect: "Something to read before it goes on." },
  { userName: "user_hangs", answers: "", expect: "The bank never answers." },
  { userName: "user_nonsense", answers: "", expect: "The bank adapter answers nonsense." },
  {
    userName: "user_redirect_window",
    answers: "",
    expect: "Finishes on a page of the bank’s own in a new window.",
  },
];

/**
 * The cheat sheet: what the sandbox bank of this version knows, so that nobody is told to type what
 * would be refused.
 */
export const SCENARIOS = [...contract, ...beyond].filter(({ userName }) =>
  Object.hasOwn(known, userName),
);
