import AxeBuilder from '@axe-core/playwright'
import type { Frame, Page } from 'playwright/test'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * What axe cannot decide by itself, decided by a person. Everything else it leaves open fails the test, as a violation does.
 */
const decided: readonly { rule: string; target: RegExp; why: string }[] = []

interface Finding {
  id: string
  help: string
  nodes: { target: unknown; any: { message: string }[]; all: { message: string }[]; none: { message: string }[] }[]
}
interface Findings {
  violations: Finding[]
  incomplete: Finding[]
}

/** What axe finds in a page and all frames of it, and what it cannot decide; empty is good. */
export async function axeFindings(page: Page): Promise<string[]> {
  return told(await new AxeBuilder({ page }).withTags(tags).analyze())
}

/**
 * The same for one frame again, after {@link axeFindings} brought axe into it: for other widths and colours of the same document.
 * @param without rules to leave out.
 */
export async function axeFindingsAgain(frame: Frame, without: string[] = []): Promise<string[]> {
  const findings = await frame.evaluate(
    ({ values, rules }) => {
      const { axe } = window as unknown as { axe: { run(options: unknown): Promise<Findings> } }
      return axe.run({ runOnly: { type: 'tag', values }, rules, resultTypes: ['violations', 'incomplete'] })
    },
    { values: tags, rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])) },
  )
  return told(findings)
}

function told({ violations, incomplete }: Findings): string[] {
  const lines = (kind: string, findings: Finding[]) =>
    findings.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, any, all, none }) => ({ id, target: String(target), text: `${kind} ${id} (${help}) at ${String(target)}: ${[...any, ...all, ...none].map(({ message }) => message).join('; ')}` })),
    )
  const open = lines('undecided', incomplete).filter(({ id, target }) => !decided.some((entry) => entry.rule === id && entry.target.test(target)))
  return [...lines('violation', violations), ...open].map(({ text }) => text)
}
