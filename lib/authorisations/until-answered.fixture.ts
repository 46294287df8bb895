import { isDatabaseUnavailable } from "../db/db.ts";

/**
 * On a machine too slow for so many at once, some are told that the database is away. They come
 * again, as people do.
 */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
    }
  }
}
