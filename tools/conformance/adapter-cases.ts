import { randomUUID } from "node:crypto";
import type { Answer } from "../../lib/challenges/index.ts";
import { challengeSchema } from "../../lib/challenges/index.ts";
import type { BankAdapter, BankResult } from "../../lib/banks/bank-adapter.ts";
import { RemoteFault } from "../../lib/http/http.ts";
import type { Case } from "./case.ts";
import { hostileTexts } from "./hostile-texts.ts";
import { madeCodeCases } from "./made-code-cases.ts";
import type { FilledPage } from "./page-browser.ts";
import type { Journey, Opening, TestUsers, Step } from "./test-users.ts";
import { personCases } from "./user-cases.ts";
import { needsBrowser } from "./through-page.ts";
import { createWalk, maxElsewhereSeconds, maxPagesSeconds, type Surroundings } from "./walk.ts";

const ignore = () => undefined;
/** What many a page would come back with; only the bank itself knows that nobody was there. */
const madeUpQuery = "code=made-up&result=approved&status=ok&scaStatus=finalised";

/**
 * Everything an adapter is held to, whatever it talks to.
 * @param make makes one that knows nothing of the others, as another replica would be
 */
export function adapterCases(
  make: () => BankAdapter,
  testUsers: TestUsers,
  surroundings: Surroundings,
): Case[] {
  const adapter = make();
  const walk = createWalk(adapter, testUsers.externalId, surroundings);
  const { base, start, answerTo, poll, opening, take, onwards, through } = walk;
  const isSuccess = (result: BankResult) =>
    result.type === "authorised" &&
    result.accounts.some(({ externalId }) => externalId === testUsers.externalId);
  const said = (result: BankResult, expected: string) =>
    result.type === expected ? undefined : `the result is ${result.type}, not ${expected}`;

  /** A result, or a fault that lets the person try again; a bug is neither. */
  const bearable = async (
    work: () => Promise<BankResult>,
    isWrong: (result: BankResult) => string | undefined,
  ): Promise<string | undefined> => {
    try {
      return isWrong(await work());
    } catch (error) {
      if (error instanceof RemoteFault) return undefined;
      throw error;
    }
  };
  const noSuccess = (result: BankResult) =>
    result.type === "authorised" ? "it is a success" : undefined;

  const journeys = { "the plain one": testUsers.good, ...testUsers.more };
  const isSecret = (name: string) => /pass|pin|secret/i.test(name);
  const secrets = (answer: Answer): string[] =>
    answer.kind === "credentials"
      ? Object.entries(answer.value).flatMap(([name, text]) =>
          isSecret(name) && text.length > 3 ? [text] : [],
        )
      : [];
  const [first] = testUsers.good;
  const { wrong } = testUsers;
  /** What can be typed on the first screen. */
  const places =
    first.kind === "made-code" || first.kind === "one-time-code"
      ? (["secret"] as const)
      : first.kind !== "credentials"
        ? []
        : (["name", "secret"] as const).filter((where) =>
            Object.keys(first.value).some((name) => isSecret(name) === (where === "secret")),
          );
  const withText = (text: string, where: "name" | "secret"): Answer => {
    if (first.kind !== "credentials") return { kind: "one-time-code", value: { code: text } };
    // A bank may lock whoever is wrong so often: that is not to be those who succeed.
    const typed = where === "secret" && wrong?.kind === "credentials" ? wrong : first;
    return {
      kind: "credentials",
      value: Object.fromEntries(
        Object.entries(typed.value).map(([name, value]) => [
          name,
          isSecret(name) === (where === "secret") ? text : value,
        ]),
      ),
    };
  };

  // As a first screen does: what is judged is what the bank itself says, where its adapter asks it.
  const firstChallengeOf = async (bankId: string | null) => {
    await adapter.prepare?.(bankId);
    challengeSchema.parse(adapter.describe(bankId).firstChallenge);
    return undefined;
  };
  const described: Case[] = [
    {
      group: "describe",
      name: "it is always alike",
      run: async () =>
        JSON.stringify(adapter.describe("a")) === JSON.stringify(adapter.describe("a"))
          ? undefined
          : "two descriptions differ",
    },
    {
      group: "describe",
      name: "the first challenge can be shown",
      run: () => firstChallengeOf("a"),
    },
    {
      group: "describe",
      name: "a bank without an id is one, too",
      run: () => firstChallengeOf(null),
    },
  ];

  const nobodysAccount = (name: string, answers: Journey): Case => ({
    group: "other people’s accounts",
    name: `${name}: an account nobody has is not shown because it was asked for`,
    run: async () => {
      const externalId = `nobody-${randomUUID()}`;
      const result = await through(answers, { more: { externalId } });
      return result.type === "authorised" &&
        result.accounts.some((account) => account.externalId === externalId)
        ? "externalId of the request is among the accounts"
        : undefined;
    },
  });

  /** Up to the question that step `index` answers. */
  const upTo = ([opener, ...rest]: Journey, index: number) =>
    through([opener, ...rest.slice(0, index - 1)]);
  const waitsSeconds = (step: { kind: string; pages?: readonly FilledPage[] }) =>
    step.kind === "elsewhere"
      ? maxElsewhereSeconds
      : needsBrowser(step.pages ?? [])
        ? maxPagesSeconds
        : 0;
  const patient = (answers: readonly (Opening | Step)[], cases: Case[]): Case[] =>
    cases.map((one) => ({
      ...one,
      waitsMs: answers.reduce((sum, step) => sum + waitsSeconds(step), 0) * 1000,
    }));

  const good = Object.entries(journeys).flatMap(([name, answers]): Case[] =>
    patient(answers, [
      {
        group: "journeys",
        name: `${name}: ends with the account`,
        run: async () =>
          isSuccess(await through(answers)) ? undefined : "the account is not among those shown",
      },
      {
        group: "journeys",
        name: `${name}: works by another replica at each step`,
        run: async () =>
          isSuccess(await through(answers, { by: make }))
            ? undefined
            : "something is kept in memory that belongs into the state",
      },
      {
        group: "journeys",
        name: `${name}: what it gave is taken back, and taking it back twice is no error`,
        run: async () => {
          const result = await through(answers);
          const undo = result.type === "refused" ? undefined : result.undo;
          if (!undo) return undefined;
          const { bankId, externalId } = base;
          for (const replica of [adapter, make()])
            await replica.undo?.({ bankId, externalId, undo }, walk.call());
          return adapter.undo ? undefined : "this adapter has no undo";
        },
      },
      {
        group: "journeys",
        name: `${name}: in another language`,
        run: async () =>
          isSuccess(await through(answers, { more: { locale: "pt-PT" } }))
            ? undefined
            : "the language decides about the account",
      },
      ...(testUsers.confirmsAnyAccount ? [] : [nobodysAccount(name, answers)]),
      {
        group: "secrets",
        name: `${name}: nothing typed in secret comes back, in no state, no question`,
        run: async () => {
          const [opener, ...rest] = answers;
          const typed = await opening(opener);
          let result = await start(typed);
          const results = [result];
          for (const step of rest) results.push((result = await take(result, step)));
          return secrets(typed).some((secret) => JSON.stringify(results).includes(secret))
            ? "a password is in a result"
            : undefined;
        },
      },
      ...answers.slice(1).flatMap((step, before): Case[] => {
        const question = before + 1;
        return [
          {
            group: "out of order",
            name: `${name}: an answer of another kind to question ${question} is no success`,
            run: async () =>
              bearable(
                async () =>
                  answerTo(await upTo(answers, question), {
                    kind: "message",
                    value: { read: true },
                  }),
                (result) =>
                  question + 1 < answers.length || step.kind !== "message"
                    ? noSuccess(result)
                    : undefined,
              ),
          },
          {
            group: "out of order",
            name: `${name}: “another way” at question ${question} is no success`,
            run: async () =>
              bearable(
                async () => answerTo(await upTo(answers, question), { kind: "other-way" }),
                noSuccess,
              ),
          },
          ...(step.kind === "page"
            ? [
                {
                  group: "out of order",
                  name: `${name}: coming back at question ${question} from a page nobody went to is no success`,
                  run: async () =>
                    bearable(
                      async () =>
                        answerTo(await upTo(answers, question), {
                          kind: "redirect",
                          value: { query: madeUpQuery },
                        }),
                      noSuccess,
                    ),
                },
              ]
            : []),
          {
            group: "state",
            name: `${name}: the state after question ${question} survives being stored`,
            run: async () => {
              const result = await upTo(answers, question);
              return result.type === "challenge" &&
                JSON.stringify(JSON.parse(JSON.stringify(result.state))) ===
                  JSON.stringify(result.state)
                ? undefined
                : "the state is no JSON";
            },
          },
          {
            group: "polling",
            name: `${name}: a poll at question ${question} changes nothing`,
            run: async () => {
              if (!adapter.poll) return undefined;
              const result = await upTo(answers, question);
              if (result.type !== "challenge") return "nothing is asked";
              let polled: Awaited<ReturnType<typeof poll>> = { type: "pending" };
              for (
                let polls = 0;
                polls < 3 && (polled.type === "pending" || step.kind !== "elsewhere");
                polls += 1
              )
                polled = await poll(result);
              // What was waited for is done already, and whoever asks learns it once.
              const done =
                step.kind === "elsewhere" && polled.type !== "pending" ? polled : undefined;
              return isSuccess(
                await onwards(done ?? result, answers.slice(question + (done ? 1 : 0)) as Step[]),
              )
                ? undefined
                : "the journey does not go on";
            },
          },
        ];
      }),
    ]),
  );

  const wrongOnes = (given: Answer): Case[] => [
    {
      group: "wrong answers",
      name: "a wrong first answer is asked again, as wrong",
      run: async () => said(await start(given), "challenge"),
    },
    {
      group: "wrong answers",
      name: "the right one after it does",
      run: async () => {
        const again = await answerTo(await start(given), await opening(first));
        return isSuccess(await onwards(again, testUsers.good.slice(1) as Step[]))
          ? undefined
          : "it does not";
      },
    },
    {
      group: "wrong answers",
      name: "ten in a row never succeed, and end well",
      run: async () => {
        let result = await start(given);
        for (let tries = 0; tries < 9 && result.type === "challenge"; tries += 1)
          result = await answerTo(result, given);
        return noSuccess(result);
      },
    },
    {
      group: "wrong answers",
      name: "its secret does not come back",
      run: async () =>
        secrets(given).some((secret) => JSON.stringify(secret).length > 6) &&
        JSON.stringify(await start(given)).includes(secrets(given)[0] ?? "\u0000")
          ? "it is in the result"
          : undefined,
    },
  ];

  const { otherAccount: other } = testUsers;
  const otherAccount: Case[] = other
    ? [
        {
          group: "other people’s accounts",
          name: "whoever does not have the account is not shown it",
          run: async () => (isSuccess(await through(other)) ? "it is shown" : undefined),
        },
      ]
    : [];
  const refused = Object.entries(testUsers.refused).flatMap(([reason, answers]): Case[] =>
    answers
      ? [
          {
            group: "refusals",
            name: reason,
            run: async () => {
              const result = await through(answers);
              return result.type === "refused" && result.reason === reason
                ? undefined
                : `the result is ${result.type === "refused" ? "refused for another reason" : result.type}`;
            },
          },
        ]
      : [],
  );

  const withCode = Object.values(testUsers.more).find(
    ([, second]) => second?.kind === "one-time-code",
  );
  const hostile = Object.entries(hostileTexts).flatMap(([name, text]): Case[] => [
    // What the first challenge does not ask for is never sent.
    ...places.map((where): Case => ({
      group: "hostile text",
      name: `${name}, as ${where === "name" ? "a name" : "a secret"}`,
      run: () => bearable(() => start(withText(text, where)), noSuccess),
    })),
    ...((wrong ?? (first.kind === "message" && first))
      ? [
          {
            group: "hostile text",
            name: `${name}, as the account asked for`,
            run: () =>
              text.length < 1 || text.length > 256
                ? Promise.resolve(undefined)
                : bearable(
                    () => start(wrong ?? (first as Answer), { more: { externalId: text } }),
                    noSuccess,
                  ),
          },
        ]
      : []),
    ...(withCode
      ? [
          {
            group: "hostile text",
            name: `${name}, as a code`,
            run: () =>
              bearable(
                async () =>
                  answerTo(await upTo(withCode, 1), {
                    kind: "one-time-code",
                    value: { code: text },
                  }),
                noSuccess,
              ),
          },
        ]
      : []),
  ]);

  const parallel: Case = {
    group: "duplicates",
    name: "twenty people at once do not get into each other’s way",
    run: async () => {
      // A few of them are wrong: after more of that a bank may rightly lock the account.
      const isWrong = (index: number) => index % 5 === 0 && wrong !== undefined;
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          isWrong(index) && wrong ? start(wrong) : through(testUsers.good),
        ),
      );
      if (results.some((result, index) => isWrong(index) && result.type === "authorised"))
        return "somebody got another person’s answer";
      return results.every((result, index) => isWrong(index) || isSuccess(result))
        ? undefined
        : "not all of them end with the account: a bank may also keep one journey of a person " +
            "at a time";
    },
  };

  const slow: Case[] = testUsers.slow
    ? [
        {
          group: "time",
          name: "a call ends when its time is over",
          run: async () => {
            const over = new AbortController();
            const asked = adapter.start(
              { ...base, answer: testUsers.slow as Answer },
              { signal: over.signal },
            );
            const ended = asked.then(
              () => "it answered all the same",
              (error: unknown) =>
                error instanceof Error ? undefined : "it threw something that is no error",
            );
            await new Promise((resolve) => setTimeout(resolve, 100));
            over.abort();
            const tooLate = new Promise<string>((resolve) =>
              setTimeout(() => resolve("it goes on two seconds later"), 2000).unref(),
            );
            return Promise.race([ended, tooLate]);
          },
        },
        {
          group: "time",
          name: "a call that is over before it begins asks nobody",
          run: async () =>
            adapter
              .start({ ...base, answer: testUsers.slow as Answer }, { signal: AbortSignal.abort() })
              .then(() => "it answered", ignore),
        },
      ]
    : [];

  const typedFirst = Object.entries({
    ...journeys,
    ...(wrong ? { "the wrong one": [wrong] as const } : {}),
    ...(other ? { "who lacks the account": other } : {}),
  }).flatMap(([name, [answer]]): [string, Answer][] =>
    answer.kind === "made-code" ? [] : [[name, answer]],
  );
  const persons = personCases(adapter, testUsers, Object.fromEntries(typedFirst));

  return [
    ...described,
    ...persons,
    ...good,
    ...(wrong ? wrongOnes(wrong) : []),
    ...patient(other ?? [], otherAccount),
    ...refused,
    ...madeCodeCases(first, walk),
    ...hostile,
    ...patient(testUsers.good, [parallel]),
    ...slow,
  ];
}
