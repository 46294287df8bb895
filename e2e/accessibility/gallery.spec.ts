import { axeFindingsIn } from '../support/axe.ts'
import { gallery, galleryParts, galleryPath, isOurDocument, representatives } from '../support/gallery.ts'
import { inspectFully, inspectQuickly, see } from '../support/inspect.ts'
import { structureProblems } from '../support/structure.ts'
import { keyboardProblems } from '../support/tab-walk.ts'
import { expect, test } from '../support/test.ts'

const british = { locale: 'en-GB', dir: 'ltr' } as const

// What a trace would show is in the report: a picture of each screen.
test.use({ trace: 'off' })
test.describe.configure({ mode: 'parallel' })

for (const { part, entries } of galleryParts(gallery.filter(isOurDocument))) {
  test(`every screen of the gallery is sound: ${part}`, async ({ page, connector, watch }, testInfo) => {
    const known = new Map<string, string>()
    for (const entry of entries) {
      await test.step(entry.name, async () => {
        watch.expectGallery(entry)
        const response = await page.goto(connector.connectorUrl + galleryPath(entry))
        // Addresses apart, some states of some kinds are the same page.
        const html = ((await response?.text()) ?? '').replaceAll(entry.name, '')
        const same = known.get(html)
        if (same) return testInfo.attach(entry.name, { body: `The same page as ${same}.` })
        known.set(html, entry.name)
        const frame = page.mainFrame()
        const { problems, axePassed } = await inspectQuickly(page, frame)
        problems.push(...(await structureProblems(frame, html, british)))
        expect.soft(problems, entry.name).toEqual([])
        await see(page, [400, 640], 'light')
        await testInfo.attach(`${entry.name}: picture`, { body: await page.screenshot({ fullPage: true, type: 'jpeg', quality: 60 }), contentType: 'image/jpeg' })
        await testInfo.attach(`${entry.name}: result`, { body: `axe: ${axePassed} rules passed. Problems: ${problems.join('\n') || 'none'}.` })
      })
    }
  })
}

for (const { part, entries } of galleryParts(representatives)) {
  test(`in Sage’s frames they meet every bar: ${part}`, async ({ open, connector, watch, page }) => {
    const wizard = await open()
    for (const entry of entries) {
      await test.step(entry.name, async () => {
        watch.expectGallery(entry)
        const frame = await wizard.frame()
        const response = await frame.goto(connector.connectorUrl + galleryPath(entry))
        const html = (await response?.text()) ?? ''
        expect.soft([...(await structureProblems(frame, html, british)), ...(await inspectFully(page, frame))], entry.name).toEqual([])
        expect.soft(await keyboardProblems(page, frame), entry.name).toEqual([])
      })
    }
  })
}

test('the gallery lists them all on one page', async ({ page, connector, watch }) => {
  watch.expectPath('/gallery')
  const response = await page.goto(`${connector.connectorUrl}/gallery`)
  const html = (await response?.text()) ?? ''
  await expect(page.getByRole('listitem').getByRole('link')).toHaveCount(gallery.length)
  expect([...(await axeFindingsIn(page.mainFrame())), ...(await structureProblems(page.mainFrame(), html, british))]).toEqual([])
})
