export const redirectExamples = [
  {
    name: "in the frame",
    prompt: { url: "https://bank.example/confirm?request=1", opens: "frame" as const },
  },
  {
    name: "in a window of its own",
    prompt: { url: "https://bank.example/confirm?request=1", opens: "window" as const },
  },
];
