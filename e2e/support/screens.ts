import type { TestDatabase } from './database.ts'
import type { ScriptFaults } from './script-faults.ts'
import type { OpenOptions } from './test.ts'
import type { Watch } from './watch.ts'
import type { ExpectedScreen, Wizard } from './wizard.ts'
import { type MessageKey, words } from './words.ts'

/** What a way to a screen may use. */
export interface Means {
  open: (options?: OpenOptions) => Promise<Wizard>
  visit: (options?: OpenOptions) => Promise<Wizard>
  watch: Watch
  database: TestDatabase
  faults: ScriptFaults
  connectorUrl: string
  standalone: boolean
}

/** A screen in one state, and how a person gets there. */
export interface ScreenCase extends ExpectedScreen {
  name: string
  heading: MessageKey
  reach: (means: Means) => Promise<Wizard>
}

const owner = words('error.service')
const code = { heading: 'one-time-code.heading', step: 2, values: { length: 6 } } as const
const credentials = { heading: 'credentials.heading', step: 1 } as const
const question = { heading: 'security-questions.heading', step: 2, values: { count: 1 } } as const
const questions = { ...question, values: { count: 2 } } as const

/** Opens a journey and goes through it, waiting for a screen after each step. */
const through =
  (...steps: ((wizard: Wizard, means: Means) => Promise<unknown>)[]) =>
  async (means: Means) => {
    const wizard = await means.open({ standalone: means.standalone })
    for (const step of steps) await step(wizard, means)
    return wizard
  }
const signIn = (userName: string, password?: string) => (wizard: Wizard) => wizard.signIn(userName, password)
const enterCode = (value?: string) => async (wizard: Wizard) => {
  await wizard.expectScreen(code.heading, code)
  await wizard.enterCode(value)
}
const press = (wizard: Wizard) => wizard.continue()
const patchAnswers = (status: number, times: number) => (wizard: Wizard, { faults }: Means) => faults(wizard.authorisation.authorisationId, { status, times, retryAfter: 1 })
const expire = ({ authorisation }: Wizard, { database }: Means) => database.expire(authorisation.authorisationId)
const answers = (status: number) => async (_wizard: Wizard, { watch }: Means) => watch.expectStatus(status)
const changeForms = (change: 'token' | 'encoding') => (wizard: Wizard) =>
  wizard.screen.locator('form').evaluateAll((forms, what) => {
    for (const form of forms as HTMLFormElement[]) {
      if (what === 'encoding') form.enctype = 'multipart/form-data'
      else form.querySelector<HTMLInputElement>('[name=form_token]')?.setAttribute('value', 'somebody-else')
    }
  }, change)
const visiting = (options: OpenOptions) => async (means: Means) => means.visit({ ...options, way: 'frame', standalone: means.standalone })

const ended = (userName: string, name: string): ScreenCase => ({ name, heading: `${name}.heading` as MessageKey, reach: through(signIn(userName)) })

/** Every screen that can be reached from outside, in every state; accessibility bar A1. */
export const screens: readonly ScreenCase[] = [
  { name: 'first screen', ...credentials, reach: through() },
  { name: 'sign in, nothing entered', ...credentials, error: true, reach: through(press) },
  { name: 'sign in, wrong', ...credentials, error: true, reach: through(signIn('user_sms', 'pass_wrong')) },
  { name: 'sign in, bank away', ...credentials, error: true, reach: through(signIn('user_down')) },
  { name: 'code', ...code, reach: through(signIn('user_sms')) },
  { name: 'code, nothing entered', ...code, error: true, reach: through(signIn('user_sms'), enterCode('')) },
  { name: 'code, wrong', ...code, error: true, reach: through(signIn('user_sms'), enterCode('654321')) },
  {
    name: 'code, sent again',
    ...code,
    reach: through(
      signIn('user_sms'),
      (wizard) => wizard.sendNewCode(),
      (wizard) => wizard.screen.locator('.notice').waitFor(),
    ),
  },
  { name: 'question', ...question, reach: through(signIn('user_two_rounds'), enterCode()) },
  {
    name: 'question, wrong',
    ...question,
    error: true,
    reach: through(signIn('user_two_rounds'), enterCode(), async (wizard) => {
      await wizard.expectScreen(question.heading, question)
      await wizard.answerQuestion('mauve')
    }),
  },
  { name: 'two questions', ...questions, reach: through(signIn('user_questions')) },
  { name: 'two questions, nothing entered', ...questions, error: true, reach: through(signIn('user_questions'), (wizard) => wizard.expectScreen(questions.heading, questions), press) },
  { name: 'waiting for the bank', heading: 'working.heading', step: 1, reach: through(signIn('user_slow')) },
  { name: 'telling Sage', heading: 'finishing.heading', step: 3, reach: through(patchAnswers(503, 1000), signIn('user_good')) },
  { name: 'done', heading: 'authorised.heading', step: 3, reach: through(signIn('user_good')) },
  {
    name: 'done, Sage not told yet',
    heading: 'authorised.unconfirmed.heading',
    step: 3,
    reach: through(patchAnswers(503, 1000), signIn('user_good'), (wizard) => wizard.button('finishing.leave').click()),
  },
  { name: 'done, Sage cannot be told', heading: 'authorised.undelivered.heading', step: 3, reach: through(patchAnswers(404, 1), signIn('user_good')) },
  { name: 'cancelled', heading: 'cancelled.heading', reach: through((wizard) => wizard.cancel()) },
  { name: 'time ran out', heading: 'expired.heading', reach: through(answers(410), signIn('user_sms'), (wizard) => wizard.expectScreen(code.heading, code), expire, (wizard) => wizard.enterCode()) },
  ended('user_wrong_account', 'refused.wrong-account'),
  ended('user_locked', 'refused.locked'),
  ended('user_suspended', 'refused.suspended'),
  ended('user_password_expired', 'refused.password-expired'),
  ended('user_action_needed', 'refused.action-needed'),
  ended('user_unknown_kind', 'failed.unknown-challenge'),
  ended('user_broken', 'failed.unexpected'),
  { name: 'error 400', heading: 'error.malformed.heading', owner, reach: async (means) => (means.watch.expectStatus(400), visiting({ redirectUri: 'nonsense' })(means)) },
  { name: 'error 403, entry', heading: 'error.refused.heading', owner, reach: async (means) => (means.watch.expectStatus(403), visiting({ notify: false })(means)) },
  { name: 'error 403, form', heading: 'error.foreign-form.heading', owner, reach: through(answers(403), changeForms('token'), signIn('user_good')) },
  {
    name: 'error 404',
    heading: 'error.not-found.heading',
    owner,
    reach: through(answers(404), async (wizard, { connectorUrl, watch }) => {
      watch.expectPath('/nowhere')
      await (await wizard.frame()).goto(`${connectorUrl}/nowhere`)
    }),
  },
  { name: 'error 410', heading: 'error.gone.heading', owner, reach: through(answers(410), expire, signIn('user_good')) },
  { name: 'error 413', heading: 'error.form-too-large.heading', owner, reach: through(answers(413), signIn('u'.repeat(70_000))) },
  { name: 'error 415', heading: 'error.form-type.heading', owner, reach: through(answers(415), changeForms('encoding'), press) },
]

/** Goes to a screen and waits until it is there. */
export async function reachScreen({ reach, heading, ...expected }: ScreenCase, means: Means): Promise<Wizard> {
  const wizard = await reach(means)
  await wizard.expectScreen(heading, expected)
  return wizard
}

