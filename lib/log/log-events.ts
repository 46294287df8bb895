/**
 * Every phrase a log line may have as its `event`. What each means for an operator is in
 * docs/operations.md, which a test holds against this list.
 */
export const logEvents = [
  // The process.
  "connector listening",
  "connector without its server",
  "connector draining",
  "connector stopped",
  "connector gave up draining",
  "connector stop failed",
  "unhandled rejection",
  "uncaught exception",
  "shedding load",
  "shedding ended",
  // Requests.
  "database away",
  "database not ready",
  "request failed",
  "notification recorded",
  "notification refused",
  "notification token refused",
  "inbound request refused",
  "keys of Sage ID not fetched",
  "keys of Sage ID not usable",
  "authrefresh refused",
  // Banks.
  "banks loaded",
  "banks file refused",
  "bank metadata not taken",
  "account look-up failed",
  // Journeys.
  "authorisation claimed",
  "attempt limit reached",
  "bank asked",
  "bank away",
  "bank adapter failed",
  "bank answer refused",
  "bank result not stored",
  "bank poll not stored",
  "session finished",
  "return address refused",
  "sessions expired unseen",
  // Deliveries.
  "delivery attempt",
  "delivery attempt not recorded",
  "inline attempt left to the loop",
  "repeat left to the loop",
  "delivery loop postponed",
  "deliveries paused",
  "deliveries resumed",
  "outcome undeliverable",
  "outcome probably applied",
  "event attempt",
  "event dropped",
  "undo attempt",
  "undo dropped",
  // Maintenance.
  "maintenance postponed",
  "purged",
] as const;

export type LogEvent = (typeof logEvents)[number];
