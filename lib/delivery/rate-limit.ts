/**
 * The rate limit of calls to the Provider API: how much of the allowed rate is used. Slots are
 * evenly spaced, so that `rate` of them take 1 / 0.92 s = 1,087 ms: what is sent and arrives up to
 * 87 ms late still keeps any one second below the limit.
 */
export const rateShare = 0.92;

/**
 * How late after its slot a call may begin, in milliseconds; then the delivery is put back. The
 * rest of the 87 ms is for the network and for how long the database took to tell the slot.
 */
export const maxLateMs = 50;

/**
 * After so many failures in a row, whoever made them, all deliveries pause: the Provider API, Sage
 * ID or our credentials do not work.
 */
export const pauseAfterFailures = 8;

/**
 * How long all pause before one tries: 1 to 2 s, so that what waits is on its way soon after the
 * recovery.
 */
export const pauseSeconds = (random: () => number): number => 1 + random();
