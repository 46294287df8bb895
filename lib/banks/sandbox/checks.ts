import { type Check, passed } from './check.ts'
import { approval, approvalEndsMs } from './checks/approval.ts'
import { code } from './checks/one-time-code.ts'
import { captcha, photo } from './checks/picture-code.ts'
import { redirect } from './checks/redirect.ts'
import { car, pet, questions } from './checks/security-questions.ts'
import { signInFields } from './checks/sign-in-fields.ts'

/** Everything the sandbox bank can ask after the password, by its name in `scenarios.ts`. */
export const createChecks = ({ publicUrl }: { publicUrl: string }): Readonly<Record<string, Check>> => ({
  sms: code({ channel: 'sms', destination: '•••• 123', length: 6 }),
  car: questions(car),
  'car-and-pet': questions(car, pet),
  fields: signInFields,
  push: approval(passed),
  'push-number': approval(passed, { matchNumber: '42' }),
  'push-denied': approval({ verdict: 'again', problem: 'denied', memory: 'over' }),
  'push-expired': approval({ verdict: 'again', problem: 'expired', memory: 'over' }, { takesMs: approvalEndsMs }),
  redirect: redirect(publicUrl, 'frame'),
  'redirect-window': redirect(publicUrl, 'window'),
  photo,
  captcha,
})
