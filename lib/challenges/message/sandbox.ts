/** Something to read before the journey goes on. */
export const messageSandbox = {
  checks: {
    message: {
      ask: () => ({
        phase: "verify" as const,
        title: "Our terms change on 1 March",
        paragraphs: [
          "The new terms say how we share your account details when you ask us to.",
          "You find them in your online banking, under Messages.",
        ],
      }),
      right: { read: true as const },
    },
  },
  users: {
    user_message: {
      checks: ["message"],
      answers: "",
      expect: "Something to read before it goes on.",
    },
  },
};
