import { type Check, wrong } from "../check.ts";

interface Method {
  id: string;
  label: string;
  hint?: string;
  /** The check that it leads to. */
  check: string;
}

/** A choice of ways, before anything is sent. */
export const methodChoice = (...methods: readonly Method[]): Check => ({
  ask: () => ({
    kind: "method-choice",
    prompt: {
      methods: methods.map(({ id, label, hint }) => ({
        id,
        label,
        ...(hint === undefined ? {} : { hint }),
      })),
    },
  }),
  answer(answer) {
    const chosen =
      answer.kind === "method-choice"
        ? methods.find(({ id }) => id === answer.value.method)
        : undefined;
    return chosen ? { type: "instead", check: chosen.check } : wrong;
  },
});
