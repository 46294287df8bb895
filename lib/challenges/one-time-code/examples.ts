export const oneTimeCodeExamples = [
  { name: 'by text message', prompt: { channel: 'sms' as const, destination: '•••• 123', length: 6 } },
  { name: 'by text message, eight digits', prompt: { channel: 'sms' as const, destination: '•••• 9', length: 8 } },
]
