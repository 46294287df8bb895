/** Why the connector does not start, in words that need no stack. */
export class StartError extends Error {}
