export const securityQuestionsExamples = [
  { name: 'one question', prompt: { questions: [{ id: 'car', text: 'What colour was your first car?' }] } },
  {
    name: 'two questions',
    prompt: {
      questions: [
        { id: 'car', text: 'What colour was your first car?' },
        { id: 'pet', text: 'What was the name of your first pet?' },
      ],
    },
  },
]
