export const redirectExamples = [
  {
    name: "in the frame",
    prompt: { address: "https://bank.example/confirm?request=1", opens: "frame" as const },
  },
  {
    name: "in a window of its own",
    prompt: { address: "https://bank.example/confirm?request=1", opens: "window" as const },
  },
];
