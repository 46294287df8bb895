import { axeFindings, axeFindingsIn } from '../support/axe.ts'
import { holdWaitingScreens } from '../support/hold-screen.ts'
import { layoutProblems } from '../support/layout.ts'
import { reachScreen, screens } from '../support/screens.ts'
import { currentSteps, currentStepText, structureProblems } from '../support/structure.ts'
import { expect, test } from '../support/test.ts'

test.describe.configure({ mode: 'parallel' })

for (const screen of screens) {
  test(`"${screen.name}" as a page of its own meets every bar`, async ({ open, visit, watch, database, faults, connector, context, page }) => {
    await holdWaitingScreens(context)
    await page.setViewportSize({ width: 1280, height: 800 })
    const wizard = await reachScreen(screen, { open, visit, watch, database, faults, connectorUrl: connector.connectorUrl, standalone: true })
    const frame = await wizard.frame()
    expect.soft(await structureProblems(wizard, await watch.lastDocument())).toEqual([])
    expect.soft(await currentSteps(frame)).toEqual(screen.step ? [currentStepText(screen.step)] : [])
    expect.soft(await axeFindings(page)).toEqual([])
    await page.setViewportSize({ width: 320, height: 256 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect.soft(await axeFindingsIn(frame)).toEqual([])
    expect.soft(await layoutProblems(frame, 'as it is')).toEqual([])
  })
}
