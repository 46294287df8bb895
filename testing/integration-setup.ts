import { startTestPostgres } from "./test-postgres.mjs";

/**
 * Vitest's global set-up of the integration tests: PostgreSQL before the first, gone after the
 * last.
 */
export default startTestPostgres;
