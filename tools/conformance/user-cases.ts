import { isSecret } from "../../lib/challenges/credentials/sign-in-field.ts";
import type { Answer } from "../../lib/challenges/index.ts";
import type { BankAdapter } from "../../lib/banks/bank-adapter.ts";
import { nameForCounting } from "../../lib/authorisations/normalised-name.ts";
import type { Case } from "./case.ts";
import type { TestUsers } from "./test-users.ts";

const consequence =
  "wrong answers would be counted for the account alone, and one person could be " +
  "guessed at through any number of them";

/**
 * Whose wrong answers are counted (docs/decisions/065): where the first screen has a field for a
 * name, its answers must name a person, the one that was typed.
 * @param firstAnswers what the kit's people type there.
 */
export function personCases(
  adapter: BankAdapter,
  { externalId }: Pick<TestUsers, "externalId">,
  firstAnswers: Readonly<Record<string, Answer>>,
): Case[] {
  const named = (answer: Answer) => {
    const names = [adapter.userIdentifier?.(answer, { externalId }) ?? []]
      .flat()
      .map(nameForCounting);
    return names.some((name) => name !== "") ? JSON.stringify(names) : undefined;
  };
  /** The fields of the first screen, those that are no secret first. */
  const fields = async () => {
    await adapter.prepare?.("conformance");
    const { firstChallenge } = adapter.describe("conformance");
    if (firstChallenge.kind !== "credentials") return undefined;
    const all = firstChallenge.prompt.fields?.map((field) => ({
      name: field.name,
      secret: isSecret(field),
    })) ?? [
      { name: "username", secret: false },
      { name: "password", secret: true },
    ];
    return {
      names: all.filter(({ secret }) => !secret).map(({ name }) => name),
      secrets: all.filter(({ secret }) => secret).map(({ name }) => name),
    };
  };
  const filled = (entries: [string, string][]): Answer => ({
    kind: "credentials",
    value: Object.fromEntries(entries),
  });
  const one = (
    name: string,
    judge: (of: { names: string[]; secrets: string[] }) => string | undefined,
  ): Case => ({
    group: "persons",
    name,
    run: async () => {
      const asked = await fields();
      return asked && asked.names.length > 0 ? judge(asked) : undefined;
    },
  });
  const typed = (
    { names, secrets }: { names: string[]; secrets: string[] },
    name: string,
    secret: string,
  ) =>
    named(
      filled([
        ...names.map((field): [string, string] => [field, name]),
        ...secrets.map((field): [string, string] => [field, secret]),
      ]),
    );

  return [
    one("a first screen with a field for a name says who answers", (of) =>
      typed(of, "4711", "1234") === undefined
        ? `\`person\` names nobody where ${of.names.join(", ")} is filled in: ${consequence}`
        : undefined,
    ),
    one("whatever else is typed there", (of) =>
      typed(of, "4711", "1234") === typed(of, "4711", "5678")
        ? undefined
        : "another secret makes another person of them: each guess would have tries of its own",
    ),
    one("another name is another person", (of) =>
      typed(of, "4711", "1234") === typed(of, "4712", "1234")
        ? "two names are one person: all would share their tries"
        : undefined,
    ),
    ...Object.entries(firstAnswers).map(([who, answer]) =>
      one(`${who} is named`, (of) =>
        answer.kind === "credentials" &&
        of.names.some((field) => (answer.value[field] ?? "") !== "") &&
        named(answer) === undefined
          ? `\`person\` names nobody: ${consequence}`
          : undefined,
      ),
    ),
  ];
}
