import type { Challenge } from '../../challenges/index.ts'
import { type Check, type CheckContext, passed, type Verdict, wrong } from './check.ts'

/** Right everywhere; they open nothing but this sandbox. */
export const sandboxCode = '123456'
export const sandboxAnswers: Readonly<Record<string, string>> = { car: 'blue', pet: 'rover' }

const sendAgainEveryMs = 30_000
/** How long somebody takes to approve in the app (contract.md: about 4 s). */
const approvalTakesMs = 4000
/** How long a request in the app stays open. */
const approvalEndsMs = 20_000

/** A second code within half a minute has to wait for its time, as banks do it. */
function sendAgain({ memory, nowMs }: CheckContext): Verdict {
  const lastMs = typeof memory === 'number' ? memory : -Infinity
  const waitMs = lastMs + sendAgainEveryMs - nowMs
  if (waitMs > 0) return { verdict: 'again', notice: 'wait', waitSeconds: Math.ceil(waitMs / 1000) }
  return { verdict: 'again', notice: 'sent-again', memory: nowMs }
}

const code = (prompt: Extract<Challenge, { kind: 'one-time-code' }>['prompt'], more: Partial<Check> = {}): Check => ({
  ask: () => ({ kind: 'one-time-code', prompt }),
  answer(answer, context) {
    if (answer.kind !== 'one-time-code') return wrong
    if ('sendAgain' in answer.value) return sendAgain(context)
    return answer.value.code === sandboxCode ? passed : wrong
  },
  ...more,
})

const questions = (...asked: { id: string; text: string }[]): Check => ({
  ask: () => ({ kind: 'security-questions', prompt: { questions: asked } }),
  answer: (answer) =>
    answer.kind === 'security-questions' && answer.value.answers.every(({ id, text }) => text.trim().toLowerCase() === sandboxAnswers[id]) ? passed : wrong,
})

const car = { id: 'car', text: 'What colour was your first car?' }
const pet = { id: 'pet', text: 'What was the name of your first pet?' }

const approval = (after: Verdict, { matchNumber, takesMs = approvalTakesMs }: { matchNumber?: string; takesMs?: number } = {}): Check => {
  const prompt = { pollSeconds: 2, device: 'Ada’s phone', ...(matchNumber === undefined ? {} : { matchNumber }) }
  return {
    ask: ({ memory }) => ({ kind: 'approval', prompt: { ...prompt, status: memory === 'over' ? 'over' : 'waiting' } }),
    answer: () => ({ verdict: 'again', notice: 'asked-again', memory: null, restart: true }),
    poll({ nowMs, sinceMs, memory }) {
      if (memory === 'over' || nowMs - sinceMs < takesMs) return { verdict: 'pending', pollSeconds: 2 }
      return after
    },
    otherWay: 'sms',
  }
}

const redirect = (publicUrl: string, opens: 'frame' | 'window'): Check => ({
  ask: ({ request }) => ({ kind: 'redirect', prompt: { address: `${publicUrl}/sandbox-bank?back=${encodeURIComponent(request.returnAddress)}`, opens } }),
  answer(answer) {
    if (answer.kind !== 'redirect') return wrong
    return new URLSearchParams(answer.value.query).get('result') === 'approved' ? passed : { verdict: 'again', problem: 'denied' }
  },
  otherWay: 'sms',
})

/** Everything the sandbox bank can ask after the password. */
export const createChecks = ({ publicUrl }: { publicUrl: string }): Readonly<Record<string, Check>> => ({
  sms: code({ channel: 'sms', destination: '•••• 123', length: 6 }),
  car: questions(car),
  'car-and-pet': questions(car, pet),
  push: approval(passed),
  'push-number': approval(passed, { matchNumber: '42' }),
  'push-denied': approval({ verdict: 'again', problem: 'denied', memory: 'over' }),
  'push-expired': approval({ verdict: 'again', problem: 'expired', memory: 'over' }, { takesMs: approvalEndsMs }),
  redirect: redirect(publicUrl, 'frame'),
  'redirect-window': redirect(publicUrl, 'window'),
})
