const car = { id: "car", text: "What colour was your first car?" };
const pet = { id: "pet", text: "What was the name of your first pet?" };

export const securityQuestionsExamples = [
  { name: "one question", prompt: { questions: [car] } },
  { name: "two questions", prompt: { questions: [car, pet] } },
  {
    name: "five questions, one in Arabic, one with emoji, one with markup, one very long",
    prompt: {
      questions: [
        car,
        { id: "city", text: "ما اسم المدينة التي وُلدت فيها؟" },
        { id: "holiday", text: "Where was your best holiday? 🏖️👨‍👩‍👧" },
        { id: "markup", text: '<b>What</b> is 1 < 2 & "3"?' },
        {
          id: "long",
          text: `What did you promise when you opened your account? ${"It was about how carefully you keep what only you know. ".repeat(70)}`.trim(),
        },
      ],
    },
  },
];
