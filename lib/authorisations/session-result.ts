/** How a session can end. */
export const sessionResults = ["authorised", "refused", "cancelled", "expired", "failed"] as const;
export type SessionResult = (typeof sessionResults)[number];
