import { CodedError } from "../../log/coded-error.ts";

/** Why an answer of a bank cannot be used; closed, safe to log. */
export type BadAnswer =
  "answer-not-json" | "answer-not-as-described" | "request-refused" | "redirect-not-configured";

/**
 * Thrown for what no bank may answer. It is no fault that goes away by trying again, so it ends the
 * journey as a bug does; the log has the code and where it is, and never the bank's text.
 */
export class UnexpectedBankResponse extends CodedError<BadAnswer> {
  override readonly name = "UnexpectedBankResponse";
  readonly status: number | undefined;
  constructor(
    code: BadAnswer,
    { status, paths }: { status?: number; paths?: readonly string[] } = {},
  ) {
    super(code, paths ? { paths } : {});
    this.status = status;
  }
}
