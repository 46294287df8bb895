import { passed, wrong } from "../sandbox.ts";

const answers: Readonly<Record<string, string>> = { car: "blue", pet: "rover" };

const car = { id: "car", text: "What colour was your first car?" };
const pet = { id: "pet", text: "What was the name of your first pet?" };

const questions = (...asked: { id: string; text: string }[]) => ({
  ask: () => ({ questions: asked }),
  answer: (given: { answers: { id: string; text: string }[] }) =>
    given.answers.every(({ id, text }) => text.trim().toLowerCase() === answers[id])
      ? passed
      : wrong,
  // WCAG 3.3.8: nobody has to remember.
  otherWay: "push",
});

/** Questions that the person once chose. */
export const securityQuestionsSandbox = {
  checks: { car: questions(car), "car-and-pet": questions(car, pet) },
  users: {
    user_questions: {
      checks: ["car-and-pet"],
      answers: "First car: blue. First pet: rover",
      expect: "Two security questions on one page.",
    },
  },
};
