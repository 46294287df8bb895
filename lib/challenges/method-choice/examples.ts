const long =
  `The telephone that you registered at our branch in the old town. ${"We call it and read the code out twice. ".repeat(96)}`.trim();

export const methodChoiceExamples = [
  {
    name: "three ways",
    prompt: {
      methods: [
        { id: "sms", label: "Text message", hint: "To •••• 123" },
        { id: "email", label: "Email", hint: "To a•••@example.com" },
        { id: "app", label: "Authenticator app" },
      ],
    },
  },
  {
    name: "Arabic, emoji, markup and very long",
    prompt: {
      methods: [
        { id: "arabic", label: "رسالة نصية", hint: "إلى •••• 123" },
        { id: "emoji", label: "📱👩‍👩‍👧 Family phone" },
        { id: "markup", label: '<b>Desk</b> & "home" phone' },
        { id: "long", label: "Telephone", hint: long },
        {
          id: "unbroken",
          label: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        },
      ],
    },
  },
  {
    name: "fifty devices",
    prompt: {
      methods: Array.from({ length: 50 }, (_, index) => ({
        id: `device-${index + 1}`,
        label: `Device ${index + 1}`,
        hint: `Added in ${1970 + index}`,
      })),
    },
  },
];
