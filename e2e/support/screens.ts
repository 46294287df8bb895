import type { AuthorisationOptions, CreatedAuthorisation } from '../banking-service/control-api.ts'
import type { TestDatabase } from './database.ts'
import { entryAddress } from './entry-query.ts'
import { credentials as signInWith, firstScreen, formOf, postForm, start } from './raw-journey.ts'
import { navigation, rawRequest } from './raw-request.ts'
import type { ScriptFaults } from './script-faults.ts'
import type { Watch } from './watch.ts'
import type { ExpectedScreen, Wizard } from './wizard.ts'
import { type MessageKey, words } from './words.ts'

/** What the way to a screen may use. */
export interface Means {
  create: (options?: AuthorisationOptions) => Promise<CreatedAuthorisation>
  watch: Watch
  database: TestDatabase
  faults: ScriptFaults
  connectorUrl: string
}

/** A screen in one state. The way there goes by HTTP, as the journeys go there by hand; what is looked at is in the browser. */
export interface ScreenCase extends ExpectedScreen {
  name: string
  heading: MessageKey
  /** Makes a journey that stands at this screen. @returns its address. */
  address: (means: Means) => Promise<string>
  /** What is left to be done in the browser, where the screen is the answer to a form and has no address of its own. */
  act?: (wizard: Wizard) => Promise<unknown>
}

const owner = words('error.service')
const credentials = { heading: 'credentials.heading', step: 1 } as const
const code = { heading: 'one-time-code.heading', step: 2, values: { length: 6 } } as const
const question = { heading: 'security-questions.heading', step: 2, values: { count: 1 } } as const
const scan = { heading: 'picture-code.heading-scan', step: 2 } as const
const choose = { heading: 'picture-choice.heading', step: 2 } as const
const read = { heading: 'picture-code.heading-read', step: 2 } as const
const questions = { ...question, values: { count: 2 } } as const

type Fields = Record<string, string>

/** Signs in and then gives these answers, one after the other. */
const after =
  (userName: string, ...answers: Fields[]) =>
  async ({ create }: Means) => {
    const { authrefreshUrl } = await create()
    return giveAnswers(authrefreshUrl, signInWith(userName), ...answers)
  }

async function giveAnswers(authrefreshUrl: string, ...answers: Fields[]): Promise<string> {
  let screen = await firstScreen(authrefreshUrl)
  let address = authrefreshUrl
  for (const fields of answers) {
    address = (await postForm(formOf(screen), fields)).headers.location ?? ''
    screen = await rawRequest(address, { headers: navigation })
  }
  return address
}

const whenSageAnswers =
  (status: number, ...answers: Fields[]) =>
  async ({ create, faults }: Means) => {
    const { authrefreshUrl, authorisationId } = await create()
    await faults(authorisationId, { status, times: 1000, retryAfter: 1 })
    return giveAnswers(authrefreshUrl, signInWith('user_good'), ...answers)
  }

/** The address of an entry that is answered with an error. */
const entry =
  (status: number, changes: Parameters<typeof entryAddress>[2]) =>
  async ({ create, watch, connectorUrl }: Means) => {
    watch.expectStatus(status)
    return entryAddress(connectorUrl, await create(), changes)
  }
const formAnswer = (status: number) => async ({ create, watch }: Means) => {
  watch.expectStatus(status)
  return (await create()).authrefreshUrl
}
const changeForms = ({ screen }: Wizard, change: 'token' | 'encoding') =>
  screen.locator('form').evaluateAll((forms, what) => {
    for (const form of forms as HTMLFormElement[]) {
      if (what === 'encoding') form.enctype = 'multipart/form-data'
      else form.querySelector<HTMLInputElement>('[name=form_token]')?.setAttribute('value', 'somebody-else')
    }
  }, change)

const ended = (userName: string, name: string): ScreenCase => ({ name, heading: `${name}.heading` as MessageKey, address: after(userName) })

/** Every screen that can be reached from outside, in every state (accessibility bar A1), in groups that one test looks at. */
export const screens: Record<string, readonly ScreenCase[]> = {
  'sign in': [
    { name: 'first screen', ...credentials, address: async ({ create }) => (await create()).authrefreshUrl },
    { name: 'sign in, nothing entered', ...credentials, error: true, address: async ({ create }) => giveAnswers((await create()).authrefreshUrl, {}) },
    { name: 'sign in, wrong', ...credentials, error: true, address: after('nobody') },
    { name: 'sign in, bank away', ...credentials, error: true, address: after('user_down') },
  ],
  code: [
    { name: 'code', ...code, address: after('user_sms') },
    { name: 'code, nothing entered', ...code, error: true, address: after('user_sms', {}) },
    { name: 'code, wrong', ...code, error: true, address: after('user_sms', { code: '654321' }) },
    { name: 'code, sent again', ...code, address: after('user_sms', { action: 'send-again' }) },
  ],
  questions: [
    { name: 'question', ...question, address: after('user_two_rounds', { code: '123456' }) },
    { name: 'question, wrong', ...question, error: true, address: after('user_two_rounds', { code: '123456' }, { 'answer-car': 'mauve' }) },
    { name: 'two questions', ...questions, address: after('user_questions') },
    { name: 'two questions, nothing entered', ...questions, error: true, address: after('user_questions', {}) },
  ],
  pictures: [
    { name: 'picture to scan', ...scan, address: after('user_photo') },
    { name: 'picture to scan, nothing entered', ...scan, error: true, address: after('user_photo', {}) },
    { name: 'picture to scan, wrong', ...scan, error: true, address: after('user_photo', { reply: '654321' }) },
    { name: 'picture to scan, a new one', ...scan, address: after('user_photo', { action: 'refresh' }) },
    { name: 'picture to read', ...read, address: after('user_captcha') },
    { name: 'picture to read, wrong', ...read, error: true, address: after('user_captcha', { reply: '654321' }) },
    { name: 'pictures to choose from', ...choose, address: after('user_image') },
    { name: 'pictures to choose from, none chosen', ...choose, error: true, address: after('user_image', {}) },
    { name: 'pictures to choose from, wrong', ...choose, error: true, address: after('user_image', { choice: 'boat' }) },
  ],
  waiting: [
    { name: 'waiting for the bank', heading: 'working.heading', step: 1, address: after('user_slow') },
    { name: 'telling Sage', heading: 'finishing.heading', step: 3, address: whenSageAnswers(503) },
  ],
  done: [
    { name: 'done', heading: 'authorised.heading', step: 3, address: after('user_good') },
    { name: 'done, Sage not told yet', heading: 'authorised.unconfirmed.heading', step: 3, address: whenSageAnswers(503, { action: 'leave' }) },
    { name: 'done, Sage cannot be told', heading: 'authorised.undelivered.heading', step: 3, address: whenSageAnswers(404) },
    { name: 'cancelled', heading: 'cancelled.heading', address: async ({ create }) => giveAnswers((await create()).authrefreshUrl, { action: 'cancel' }) },
    {
      name: 'time ran out',
      heading: 'expired.heading',
      address: async ({ create, database, watch }) => {
        watch.expectStatus(410)
        const { authrefreshUrl, authorisationId } = await create()
        const { posted } = await start(authrefreshUrl, 'user_sms')
        await database.expire(authorisationId)
        return posted.headers.location ?? ''
      },
    },
  ],
  refused: [
    ended('user_wrong_account', 'refused.wrong-account'),
    ended('user_locked', 'refused.locked'),
    ended('user_suspended', 'refused.suspended'),
    ended('user_password_expired', 'refused.password-expired'),
    ended('user_action_needed', 'refused.action-needed'),
    ended('user_unknown_kind', 'failed.unknown-challenge'),
    ended('user_broken', 'failed.unexpected'),
  ],
  'errors of an address': [
    { name: 'error 400', heading: 'error.malformed.heading', owner, address: entry(400, { state: null }) },
    { name: 'error 403, entry', heading: 'error.refused.heading', owner, address: entry(403, { redirect_uri: 'https://evil.example/' }) },
    {
      name: 'error 404',
      heading: 'error.not-found.heading',
      owner,
      address: async ({ connectorUrl, watch }) => {
        watch.expectStatus(404)
        watch.expectPath('/nowhere')
        return `${connectorUrl}/nowhere`
      },
    },
    {
      name: 'error 410',
      heading: 'error.gone.heading',
      owner,
      address: async ({ connectorUrl, watch }) => {
        watch.expectStatus(410)
        return `${connectorUrl}/authrefresh/garbage`
      },
    },
  ],
  'errors of a form': [
    {
      name: 'error 403, form',
      heading: 'error.foreign-form.heading',
      owner,
      address: formAnswer(403),
      act: async (wizard) => {
        await changeForms(wizard, 'token')
        await wizard.continue()
      },
    },
    { name: 'error 413', heading: 'error.form-too-large.heading', owner, address: formAnswer(413), act: (wizard) => wizard.signIn('u'.repeat(70_000)) },
    {
      name: 'error 415',
      heading: 'error.form-type.heading',
      owner,
      address: formAnswer(415),
      act: async (wizard) => {
        await changeForms(wizard, 'encoding')
        await wizard.continue()
      },
    },
  ],
}

/** Puts a screen into the frame of a wizard, or into its page, and waits until it is there. */
export async function showScreen(wizard: Wizard, { address, act, heading, ...expected }: ScreenCase, means: Means): Promise<void> {
  await (await wizard.frame()).goto(await address(means))
  await act?.(wizard)
  await wizard.expectScreen(heading, expected)
}
