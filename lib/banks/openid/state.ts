import { z } from "zod";

const app = z.strictObject({
  type: z.literal("ciba"),
  hint: z.string(),
  request: z.string(),
  number: z.string(),
  intervalSeconds: z.int(),
  askedAtMs: z.number(),
  /** How often the app was asked; a person whose phone rings for ever says yes at last. */
  asked: z.int(),
  /**
   * How often somebody was sent to the page before: the way round by the other way starts no count
   * again.
   */
  pageAsked: z.int(),
  over: z.boolean(),
});

/** What is remembered between two screens. No token: each is used up in the call that got it. */
export const openidState = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("sign-in") }),
  app,
  z.strictObject({
    type: z.literal("authorization_code"),
    hint: z.string().nullable(),
    verifier: z.string(),
    nonce: z.string(),
    asked: z.int(),
    /** What the app was last asked, where it was. */
    app: app.nullable(),
    /** A digest of what came back last: a reload of it is no answer to the step that followed. */
    heard: z.string().nullable(),
  }),
]);
export type OpenidState = z.output<typeof openidState>;
export type CibaState = Extract<OpenidState, { type: "ciba" }>;
export type AuthorizationCodeState = Extract<OpenidState, { type: "authorization_code" }>;
