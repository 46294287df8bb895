/** An error that says one of a closed set of codes and nothing else: safe to log, and told apart by it. */
export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code
  constructor(code: Code, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}
