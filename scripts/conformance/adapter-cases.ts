import { randomUUID } from 'node:crypto'
import type { Answer } from '../../lib/challenges/index.ts'
import { challengeSchema } from '../../lib/challenges/index.ts'
import { type BankAdapter, pollSchema, type Turn, turnSchema } from '../../lib/banks/bank-adapter.ts'
import { RemoteFault } from '../../lib/platform/http.ts'
import type { Case } from './case.ts'
import { hostileTexts } from './hostile-texts.ts'
import type { People } from './people.ts'

const returnAddress = 'https://connector.example/authrefresh/return?state=conformance'
const ignore = () => undefined

/** Everything an adapter is held to, whatever it talks to. @param make makes one that knows nothing of the others, as another replica would be */
export function adapterCases(make: () => BankAdapter, people: People): Case[] {
  const base = { bankId: 'conformance', externalId: people.externalId, locale: 'en-GB', returnAddress }
  const call = () => ({ signal: new AbortController().signal })
  const adapter = make()

  const start = async (answer: Answer, more: Partial<typeof base> = {}) => turnSchema.parse(await adapter.start({ ...base, ...more, answer }, call()))
  const answerTo = async (turn: Turn, answer: Answer, by = adapter, more: Partial<typeof base> = {}) => {
    if (turn.turn !== 'challenge') throw new Error('nothing was asked')
    return turnSchema.parse(await by.answer({ ...base, ...more, challenge: turn.challenge, state: turn.state, answer }, call()))
  }
  const through = async (answers: readonly Answer[], { by = () => adapter, more = {} }: { by?: () => BankAdapter; more?: Partial<typeof base> } = {}): Promise<Turn> => {
    const [first, ...rest] = answers
    if (!first) throw new Error('no answers')
    let turn = await start(first, more)
    for (const answer of rest) turn = await answerTo(turn, answer, by(), more)
    return turn
  }
  const isSuccess = (turn: Turn) => turn.turn === 'authorised' && turn.accounts.some(({ externalId }) => externalId === people.externalId)
  const said = (turn: Turn, expected: string) => (turn.turn === expected ? undefined : `the turn is ${turn.turn}, not ${expected}`)

  /** A turn, or a fault that lets the person try again; a bug is neither. */
  const bearable = async (work: () => Promise<Turn>, isWrong: (turn: Turn) => string | undefined): Promise<string | undefined> => {
    try {
      return isWrong(await work())
    } catch (error) {
      if (error instanceof RemoteFault) return undefined
      throw error
    }
  }
  const noSuccess = (turn: Turn) => (turn.turn === 'authorised' ? 'it is a success' : undefined)

  const journeys = { 'the plain one': people.good, ...people.more }
  const secrets = (answer: Answer): string[] => (answer.kind === 'credentials' ? Object.entries(answer.value).flatMap(([name, text]) => (/pass|pin|secret/i.test(name) && text.length > 3 ? [text] : [])) : [])
  const [first] = people.good
  const withText = (text: string, where: 'name' | 'secret'): Answer => {
    if (first?.kind !== 'credentials') return { kind: 'one-time-code', value: { code: text } }
    const isSecret = (name: string) => /pass|pin|secret/i.test(name)
    // A bank may lock whoever is wrong so often: that is not to be those who succeed.
    const typed = where === 'secret' && people.wrong.kind === 'credentials' ? people.wrong : first
    return { kind: 'credentials', value: Object.fromEntries(Object.entries(typed.value).map(([name, value]) => [name, isSecret(name) === (where === 'secret') ? text : value])) }
  }

  const described: Case[] = [
    { group: 'describe', name: 'it is always alike', run: async () => (JSON.stringify(adapter.describe('a')) === JSON.stringify(adapter.describe('a')) ? undefined : 'two descriptions differ') },
    { group: 'describe', name: 'the first challenge can be shown', run: async () => void challengeSchema.parse(adapter.describe('a').firstChallenge) },
    { group: 'describe', name: 'a bank without an id is one, too', run: async () => void challengeSchema.parse(adapter.describe(null).firstChallenge) },
  ]

  const nobodysAccount = (name: string, answers: readonly Answer[]): Case => ({
    group: 'other people’s accounts',
    name: `${name}: an account nobody has is not shown because it was asked for`,
    run: async () => {
      const externalId = `nobody-${randomUUID()}`
      const turn = await through(answers, { more: { externalId } })
      return turn.turn === 'authorised' && turn.accounts.some((account) => account.externalId === externalId) ? 'externalId of the request is among the accounts' : undefined
    },
  })

  const good = Object.entries(journeys).flatMap(([name, answers]): Case[] => [
    { group: 'journeys', name: `${name}: ends with the account`, run: async () => (isSuccess(await through(answers)) ? undefined : 'the account is not among those shown') },
    { group: 'journeys', name: `${name}: works by another replica at each step`, run: async () => (isSuccess(await through(answers, { by: make })) ? undefined : 'something is kept in memory that belongs into the state') },
    { group: 'journeys', name: `${name}: in another language`, run: async () => (isSuccess(await through(answers, { more: { locale: 'pt-PT' } })) ? undefined : 'the language decides about the account') },
    ...(people.confirmsAnyAccount ? [] : [nobodysAccount(name, answers)]),
    {
      group: 'secrets',
      name: `${name}: nothing typed in secret comes back, in no state, no question`,
      run: async () => {
        const [first, ...rest] = answers
        let turn = await start(first as Answer)
        const turns = [turn]
        for (const answer of rest) turns.push((turn = await answerTo(turn, answer)))
        return secrets(first as Answer).some((secret) => JSON.stringify(turns).includes(secret)) ? 'a password is in a turn' : undefined
      },
    },
    ...answers.slice(1).flatMap((_, index): Case[] => [
      {
        group: 'out of order',
        name: `${name}: an answer of another kind to question ${index + 1} is no success`,
        run: async () => bearable(async () => answerTo(await through(answers.slice(0, index + 1)), { kind: 'message', value: { read: true } }), (turn) => (index + 2 < answers.length || answers[index + 1]?.kind !== 'message' ? noSuccess(turn) : undefined)),
      },
      {
        group: 'out of order',
        name: `${name}: “another way” at question ${index + 1} is no success`,
        run: async () => bearable(async () => answerTo(await through(answers.slice(0, index + 1)), { kind: 'other-way' }), noSuccess),
      },
      {
        group: 'state',
        name: `${name}: the state after question ${index + 1} survives being stored`,
        run: async () => {
          const turn = await through(answers.slice(0, index + 1))
          return turn.turn === 'challenge' && JSON.stringify(JSON.parse(JSON.stringify(turn.state))) === JSON.stringify(turn.state) ? undefined : 'the state is no JSON'
        },
      },
      {
        group: 'polling',
        name: `${name}: a poll at question ${index + 1} changes nothing`,
        run: async () => {
          if (!adapter.poll) return undefined
          const turn = await through(answers.slice(0, index + 1))
          if (turn.turn !== 'challenge') return 'nothing is asked'
          for (let polls = 0; polls < 3; polls += 1) pollSchema.parse(await adapter.poll({ ...base, challenge: turn.challenge, state: turn.state }, call()))
          let last = turn as Turn
          for (const answer of answers.slice(index + 1)) last = await answerTo(last, answer)
          return isSuccess(last) ? undefined : 'the journey does not go on'
        },
      },
    ]),
  ])

  const wrongOnes: Case[] = [
    { group: 'wrong answers', name: 'a wrong first answer is asked again, as wrong', run: async () => said(await start(people.wrong), 'challenge') },
    {
      group: 'wrong answers',
      name: 'the right one after it does',
      run: async () => {
        let turn = await answerTo(await start(people.wrong), people.good[0] as Answer)
        for (const answer of people.good.slice(1)) turn = await answerTo(turn, answer)
        return isSuccess(turn) ? undefined : 'it does not'
      },
    },
    {
      group: 'wrong answers',
      name: 'ten in a row never succeed, and end well',
      run: async () => {
        let turn = await start(people.wrong)
        for (let tries = 0; tries < 9 && turn.turn === 'challenge'; tries += 1) turn = await answerTo(turn, people.wrong)
        return noSuccess(turn)
      },
    },
    { group: 'wrong answers', name: 'its secret does not come back', run: async () => (secrets(people.wrong).some((secret) => JSON.stringify(secret).length > 6) && JSON.stringify(await start(people.wrong)).includes(secrets(people.wrong)[0] ?? '\u0000') ? 'it is in the turn' : undefined) },
  ]

  const otherAccount: Case[] = people.otherAccount ? [{ group: 'other people’s accounts', name: 'whoever does not have the account is not shown it', run: async () => (isSuccess(await through(people.otherAccount ?? [])) ? 'it is shown' : undefined) }] : []
  const refused = Object.entries(people.refused).flatMap(([reason, answers]): Case[] =>
    answers ? [{ group: 'refusals', name: reason, run: async () => { const turn = await through(answers); return turn.turn === 'refused' && turn.reason === reason ? undefined : `the turn is ${turn.turn === 'refused' ? 'refused for another reason' : turn.turn}` } }] : [],
  )

  const hostile = Object.entries(hostileTexts).flatMap(([name, text]): Case[] => [
    // What the first challenge does not ask for is never sent.
    ...(first?.kind === 'credentials' ? (['name', 'secret'] as const) : first?.kind === 'one-time-code' ? (['secret'] as const) : []).map((where): Case => ({ group: 'hostile text', name: `${name}, as ${where === 'name' ? 'a name' : 'a secret'}`, run: () => bearable(() => start(withText(text, where)), noSuccess) })),
    { group: 'hostile text', name: `${name}, as the account asked for`, run: () => (text.length < 1 || text.length > 256 ? Promise.resolve(undefined) : bearable(() => start(people.wrong, { externalId: text }), noSuccess)) },
    ...(people.more[Object.keys(people.more)[0] ?? ''] ?? []).slice(1, 2).flatMap((right): Case[] =>
      right.kind === 'one-time-code' ? [{ group: 'hostile text', name: `${name}, as a code`, run: () => bearable(async () => answerTo(await through((people.more[Object.keys(people.more)[0] ?? ''] ?? []).slice(0, 1)), { kind: 'one-time-code', value: { code: text } }), noSuccess) }] : [],
    ),
  ])

  const parallel: Case = {
    group: 'duplicates',
    name: 'twenty people at once do not get into each other’s way',
    run: async () => {
      const turns = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? through(people.good).then(isSuccess) : start(people.wrong).then((turn) => turn.turn !== 'authorised'))))
      return turns.every(Boolean) ? undefined : 'somebody got another person’s answer'
    },
  }

  const slow: Case[] = people.slow
    ? [
        {
          group: 'time',
          name: 'a call ends when its time is over',
          run: async () => {
            const over = new AbortController()
            const asked = adapter.start({ ...base, answer: people.slow as Answer }, { signal: over.signal })
            const ended = asked.then(() => 'it answered all the same', (error: unknown) => (error instanceof Error ? undefined : 'it threw something that is no error'))
            await new Promise((resolve) => setTimeout(resolve, 100))
            over.abort()
            const tooLate = new Promise<string>((resolve) => setTimeout(() => resolve('it goes on two seconds later'), 2000).unref())
            return Promise.race([ended, tooLate])
          },
        },
        { group: 'time', name: 'a call that is over before it begins asks nobody', run: async () => adapter.start({ ...base, answer: people.slow as Answer }, { signal: AbortSignal.abort() }).then(() => 'it answered', ignore) },
      ]
    : []

  return [...described, ...good, ...wrongOnes, ...otherAccount, ...refused, ...hostile, parallel, ...slow]
}
