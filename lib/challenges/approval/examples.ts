const waiting = { status: "waiting" as const, pollSeconds: 3 };

export const approvalExamples = [
  { name: "in the bank’s app", prompt: waiting },
  {
    name: "with a number to match",
    prompt: {
      ...waiting,
      device: "Ada’s phone",
      matchNumber: "42",
      note: "You find the request under Messages.",
    },
  },
  { name: "over", prompt: { status: "over" as const, pollSeconds: 3 } },
];
