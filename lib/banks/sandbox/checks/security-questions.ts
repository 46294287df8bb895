import { type Check, passed, wrong } from "../check.ts";

const sandboxAnswers: Readonly<Record<string, string>> = { car: "blue", pet: "rover" };

export const car = { id: "car", text: "What colour was your first car?" };
export const pet = { id: "pet", text: "What was the name of your first pet?" };

export const questions = (...asked: { id: string; text: string }[]): Check => ({
  ask: () => ({ kind: "security-questions", prompt: { questions: asked } }),
  answer: (answer) =>
    answer.kind === "security-questions" &&
    answer.value.answers.every(({ id, text }) => text.trim().toLowerCase() === sandboxAnswers[id])
      ? passed
      : wrong,
  // WCAG 3.3.8: nobody has to remember.
  otherWay: "push",
});
