export { goodSigningKey, type SigningKey, signingKey } from '../signing-key.ts'
