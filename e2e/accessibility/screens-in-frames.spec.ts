import { axeFindings, axeFindingsIn } from '../support/axe.ts'
import { holdWaitingScreens } from '../support/hold-screen.ts'
import { weakTexts } from '../support/contrast.ts'
import { layoutProblems, movingThings, targetProblems } from '../support/layout.ts'
import { reachScreen, screens } from '../support/screens.ts'
import { currentSteps, currentStepText, structureProblems } from '../support/structure.ts'
import { tabbable, walkThrough } from '../support/tab-walk.ts'
import { expect, test } from '../support/test.ts'

const looks = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'dark', forcedColors: 'active' },
} as const
type Look = keyof typeof looks
// 1280 px in light is looked at first, with every frame around it.
const views: [width: number, look: Look][] = [[1280, 'dark'], [1280, 'forced colours'], [320, 'forced colours'], [320, 'dark'], [320, 'light']]

test.describe.configure({ mode: 'parallel' })

for (const screen of screens) {
  test(`"${screen.name}" in Sage’s frames meets every bar`, async ({ open, visit, watch, database, faults, connector, context, page }, testInfo) => {
    await holdWaitingScreens(context)
    await page.setViewportSize({ width: 1280, height: 800 })
    const wizard = await reachScreen(screen, { open, visit, watch, database, faults, connectorUrl: connector.connectorUrl, standalone: false })
    const frame = await wizard.frame()

    await test.step('structure', async () => {
      expect.soft(await structureProblems(wizard, await watch.lastDocument())).toEqual([])
      expect.soft(await currentSteps(frame)).toEqual(screen.step ? [currentStepText(screen.step)] : [])
      expect.soft(await movingThings(frame)).toEqual([])
    })

    await test.step('axe in the whole nest of frames, then in every width and look', async () => {
      expect.soft(await axeFindings(page)).toEqual([])
      for (const [width, look] of views) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia(looks[look])
        // axe takes the text's colour from a property that forced colours do not change (dequelabs/axe-core#3978), so contrast is measured apart.
        const forced = look === 'forced colours'
        expect.soft(await axeFindingsIn(frame, forced ? { without: ['color-contrast'] } : {}), `${look}, ${width} px`).toEqual([])
        expect.soft(await weakTexts(frame), `${look}, ${width} px`).toEqual([])
      }
      await page.emulateMedia(looks.light)
    })

    await test.step('room', async () => {
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: width === 320 ? 640 : 800 })
        await testInfo.attach(`${screen.name} at ${width} px`, { body: await page.screenshot(), contentType: 'image/png' })
        for (const change of ['as it is', 'twice as large', 'spaced out'] as const) {
          expect.soft(await layoutProblems(frame, change), `${change}, ${width} px`).toEqual([])
        }
        expect.soft(await targetProblems(frame), `targets, ${width} px`).toEqual([])
      }
    })

    await test.step('keyboard', async () => {
      const order = await tabbable(frame)
      const forwards = await walkThrough(page, frame, 'forwards')
      expect.soft(forwards.map(({ name }) => name)).toEqual(order)
      expect.soft(forwards.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`))).toEqual([])
      const backwards = await walkThrough(page, frame, 'backwards')
      expect.soft(backwards.map(({ name }) => name)).toEqual(order.toReversed())
    })
  })
}
