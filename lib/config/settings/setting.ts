import type { z } from "zod";

/**
 * One setting: its name is the key that it stands under, and the variable of the environment.
 * `npm run generate` writes docs/settings.md, .env.example and compose.yaml from it. Texts are
 * Markdown, links in them relative to `docs/`; a default that the schema has is not said again.
 */
export interface Setting {
  schema: z.ZodType;
  /** Sentences. */
  meaning: string;
  /** What holds without it, in words: needed where it is optional and the schema has no default. */
  unset?: string;
  /** A value to begin with, where there is one that most deployments could have. */
  example?: string;
  /**
   * May come from a file named by `NAME_FILE` instead; has no default, and no value in any file.
   */
  secret?: true;
  /** What refuses it, and where a well-formed but wrong value shows. Sentences. */
  whenWrong: string;
}
