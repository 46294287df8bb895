import type { Translator } from "../i18n/translator.ts";
import { BankText } from "../ui/bank-text.tsx";
import type { FieldProblem } from "./field-problem.ts";

// Stands for the bank's words while ours are put together; a private-use character is in no text.
const mark = "\ue000";

/**
 * What is wrong, in the person's language, with the bank's own words for the field in theirs (WCAG
 * 3.1.2).
 */
export function ProblemText({
  problem,
  translator,
  bank,
  bankLang,
}: {
  problem: FieldProblem;
  translator: Translator;
  bank: string;
  bankLang?: string | undefined;
}) {
  const { message, about } = problem;
  const [before, after] = translator
    .t(message.key, { bank, about: mark, ...message.values })
    .split(mark);
  return (
    <>
      {before}
      {after !== undefined && about !== undefined && <BankText text={about} lang={bankLang} />}
      {after}
    </>
  );
}
