export const credentialsExamples = [{ name: 'user name and password', prompt: {} }]
