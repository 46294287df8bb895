export const messageExamples = [
  {
    name: "new terms",
    prompt: {
      phase: "verify" as const,
      title: "Our terms change on 1 March",
      paragraphs: [
        "The new terms say how we share your account details when you ask us to.",
        "You find them in your online banking, under Messages.",
      ],
    },
  },
  {
    name: "one sentence, before signing in",
    prompt: { phase: "sign-in" as const, paragraphs: ["Our telephone service is closed today."] },
  },
  {
    name: "long, Arabic, emoji and markup",
    prompt: {
      phase: "verify" as const,
      title: "تنبيه مهم بشأن حسابك 🔔",
      paragraphs: [
        "سنغيّر شروط الاستخدام في الأول من مارس.",
        '<b>Not bold</b> & <a href="https://evil.example">no link</a>',
        "We write this because the law says that we must tell you. ".repeat(68).trim(),
        `https://northwind.example/${"a-very-long-address-".repeat(10)}`,
      ],
    },
  },
];
