import type { CallCounts } from "./control-api.ts";

/** Makes counters at zero. */
export function createCallCounts(): CallCounts {
  return {
    notifications: 0,
    authrefreshFetches: 0,
    tokenRequests: 0,
    tokensIssued: 0,
    jwksRequests: 0,
    patches: 0,
    arrivals: 0,
  };
}
