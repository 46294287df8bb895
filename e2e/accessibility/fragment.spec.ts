import { axeFindingsIn } from '../support/axe.ts'
import { fragmentProblems, holdFragment } from '../support/host-page.ts'
import { expect, test } from '../support/test.ts'
import { words } from '../support/words.ts'

const widths = [1280, 320]
const ordinary = {}
const longest = { externalId: 'x'.repeat(256), state: 's'.repeat(128), bankId: 'b'.repeat(128) }

for (const [what, options] of Object.entries({ 'an ordinary fragment': ordinary, 'a fragment with long parameters': longest })) {
  test(`${what} can be seen, read and used in a page whose stylesheet is hostile`, async ({ visit, connector, page, watch }, testInfo) => {
    await holdFragment(page, watch, connector.connectorUrl)
    const wizard = await visit(options)
    const link = wizard.screen.getByRole('link', { name: words('fragment.link') })
    await expect(link).toBeVisible()
    await expect(wizard.screen.getByRole('region', { name: words('fragment.heading') })).toContainText(words('fragment.text'))
    for (const width of widths) {
      await page.setViewportSize({ width, height: 640 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect.soft(await axeFindingsIn(await wizard.frame(), { within: 'section' }), `${colorScheme}, ${width} px`).toEqual([])
        expect.soft(await fragmentProblems(await wizard.frame()), `${colorScheme}, ${width} px`).toEqual([])
      }
      await testInfo.attach(`${what} at ${width} px`, { body: await page.screenshot(), contentType: 'image/png' })
    }
  })
}

test('the link is reached by Tab, looks different when it is, and Enter follows it', async ({ visit, connector, page, watch }) => {
  const letGo = await holdFragment(page, watch, connector.connectorUrl)
  const wizard = await visit()
  const link = wizard.screen.getByRole('link', { name: words('fragment.link') })
  await page.getByRole('link', { name: 'Stand-in' }).focus()
  await page.keyboard.press('Tab')
  await expect(link).toBeFocused()
  const outline = await link.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth)
  })
  expect.soft(outline, 'width of the outline, which the host takes from everything').toBeGreaterThanOrEqual(2)
  await letGo()
  await page.keyboard.press('Enter')
  await wizard.expectScreen('credentials.heading', { step: 1 })
})

test('the refusal in Sage’s own page can be seen and read there', async ({ visit, page }, testInfo) => {
  const wizard = await visit({ notify: false })
  await expect(wizard.screen.getByRole('region', { name: words('error.refused.heading') })).toBeVisible()
  for (const width of widths) {
    await page.setViewportSize({ width, height: 640 })
    expect.soft(await axeFindingsIn(await wizard.frame(), { within: 'section' }), `${width} px`).toEqual([])
    expect.soft(await fragmentProblems(await wizard.frame()), `${width} px`).toEqual([])
    await testInfo.attach(`refusal in the host page at ${width} px`, { body: await page.screenshot(), contentType: 'image/png' })
  }
})
