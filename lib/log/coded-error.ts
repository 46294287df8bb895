/**
 * An error that says one of a closed set of codes and nothing else: safe to log, and told apart by
 * it.
 */
export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code;
  /**
   * Where in another system's answer the fault is, by names of ours (`pathsOf` in issue-paths.ts);
   * empty where it is nowhere in one.
   */
  readonly paths: readonly string[];
  constructor(
    code: Code,
    { paths = [], ...options }: ErrorOptions & { paths?: readonly string[] } = {},
  ) {
    super(code, options);
    this.code = code;
    this.paths = paths;
  }
}
