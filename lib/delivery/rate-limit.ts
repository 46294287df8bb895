/**
 * How much of the allowed rate is used. Turns are evenly spaced, so that `rate` of them take 1 /
 * 0.92 s = 1,087 ms: what is sent and arrives up to 87 ms late still keeps any one second below the
 * limit.
 */
export const paceShare = 0.92;

/**
 * How much of those 87 ms a sender may use up, in milliseconds; the rest is left to the network.
 * Who is later takes another turn.
 */
export const maySendUntilLateMs = 50;

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

/**
 * How late after its turn a delivery may be that has missed one, two, … turns, in milliseconds. The
 * room behind such a turn grows with it (delivery-store.ts), so that a process that is always late
 * sends slowly instead of never, and the rate holds.
 */
export const latenessMs = [150, 500, 1500];
