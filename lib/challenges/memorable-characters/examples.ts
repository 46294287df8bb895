export const memorableCharactersExamples = [
  {
    name: "three of nine",
    prompt: { positions: [2, 5, 7], length: 9, capitals: "ignored" as const },
    invalid: { "too few in one field": { together: "ap" } },
  },
  { name: "one, the length not told", prompt: { positions: [1], capitals: "matter" as const } },
  {
    name: "ten, with the bank’s own name for it",
    prompt: {
      positions: [1, 2, 3, 4, 11, 12, 13, 21, 22, 100],
      length: 100,
      called: "العبارة السرية 🔑",
    },
  },
];
