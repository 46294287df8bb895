import type { Page } from 'playwright/test'
import { axeFindingsIn } from '../support/axe.ts'
import { weakTexts } from '../support/contrast.ts'
import { holdWaitingScreens } from '../support/hold-screen.ts'
import { layoutProblems, movingThings, targetProblems } from '../support/layout.ts'
import { type ScreenCase, screens, showScreen } from '../support/screens.ts'
import { currentSteps, currentStepText, structureProblems } from '../support/structure.ts'
import { tabbable, walkThrough } from '../support/tab-walk.ts'
import { expect, test } from '../support/test.ts'
import type { Watch } from '../support/watch.ts'
import type { Wizard } from '../support/wizard.ts'

const looks = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'dark', forcedColors: 'active' },
} as const
const views: [width: number, look: keyof typeof looks][] = [[1280, 'forced colours'], [1280, 'dark'], [1280, 'light'], [320, 'dark'], [320, 'light']]

async function see(page: Page, [width, look]: (typeof views)[number], height = 800) {
  await page.setViewportSize({ width, height })
  await page.emulateMedia(looks[look])
}

async function expectStructure(wizard: Wizard, { name, step }: ScreenCase, watch: Watch) {
  const frame = await wizard.frame()
  expect.soft(await structureProblems(wizard, await watch.lastDocument()), name).toEqual([])
  expect.soft(await currentSteps(frame), name).toEqual(step ? [currentStepText(step)] : [])
  expect.soft(await movingThings(frame), name).toEqual([])
}

async function expectNoFindings(wizard: Wizard, { name }: ScreenCase) {
  const frame = await wizard.frame()
  for (const view of views) {
    await see(wizard.page, view)
    // axe takes the text's colour from a property that forced colours do not change (dequelabs/axe-core#3978), so contrast is measured apart.
    const forced = view[1] === 'forced colours'
    expect.soft(await axeFindingsIn(frame, forced ? { without: ['color-contrast'] } : {}), `${name}, ${view.join(' px, ')}`).toEqual([])
    expect.soft(await weakTexts(frame), `${name}, ${view.join(' px, ')}`).toEqual([])
  }
}

async function expectRoom(wizard: Wizard, { name }: ScreenCase, attach: (name: string, body: Buffer) => Promise<void>) {
  const frame = await wizard.frame()
  for (const [width, height] of [[1280, 800], [320, 640]] as const) {
    await see(wizard.page, [width, 'light'], height)
    await attach(`${name} at ${width} px`, await wizard.page.screenshot())
    for (const change of ['as it is', 'twice as large', 'spaced out'] as const) {
      expect.soft(await layoutProblems(frame, change), `${name}, ${change}, ${width} px`).toEqual([])
    }
    expect.soft(await targetProblems(frame), `${name}, targets, ${width} px`).toEqual([])
  }
}

async function expectKeyboard(wizard: Wizard, { name }: ScreenCase) {
  const frame = await wizard.frame()
  const order = await tabbable(frame)
  const forwards = await walkThrough(wizard.page, frame, 'forwards')
  expect.soft(forwards.map((stop) => stop.name), name).toEqual(order)
  expect.soft(forwards.flatMap((stop) => stop.problems.map((problem) => `${stop.name}: ${problem}`)), name).toEqual([])
  const backwards = await walkThrough(wizard.page, frame, 'backwards')
  expect.soft(backwards.map((stop) => stop.name), name).toEqual(order.toReversed())
}

test.describe.configure({ mode: 'parallel' })

for (const [group, cases] of Object.entries(screens)) {
  test(`the screens "${group}" meet every bar, in Sage’s frames`, async ({ open, create, watch, database, faults, connector, context }, testInfo) => {
    await holdWaitingScreens(context)
    const wizard = await open()
    for (const screen of cases) {
      await test.step(screen.name, async () => {
        await see(wizard.page, [1280, 'light'])
        await showScreen(wizard, screen, { create, watch, database, faults, connectorUrl: connector.connectorUrl })
        await expectStructure(wizard, screen, watch)
        await expectNoFindings(wizard, screen)
        await expectRoom(wizard, screen, (name, body) => testInfo.attach(name, { body, contentType: 'image/png' }))
        await expectKeyboard(wizard, screen)
      })
    }
  })

  test(`the screens "${group}" meet every bar, as pages of their own`, async ({ open, create, watch, database, faults, connector, context, page }) => {
    await holdWaitingScreens(context)
    const wizard = await open({ standalone: true })
    for (const screen of cases) {
      await test.step(screen.name, async () => {
        await see(page, [1280, 'light'])
        await showScreen(wizard, screen, { create, watch, database, faults, connectorUrl: connector.connectorUrl })
        await expectStructure(wizard, screen, watch)
        expect.soft(await axeFindingsIn(page.mainFrame()), screen.name).toEqual([])
        await see(page, [320, 'dark'], 256)
        expect.soft(await axeFindingsIn(page.mainFrame()), screen.name).toEqual([])
        expect.soft(await layoutProblems(page.mainFrame(), 'as it is'), screen.name).toEqual([])
      })
    }
  })
}
