import { galleryLocales, galleryReader } from '../../app/gallery/_screens/gallery-reader.ts'
import { gallery, galleryParts, galleryPath, isOurDocument } from '../support/gallery.ts'
import { inspectFully, inspectQuickly } from '../support/inspect.ts'
import { structureProblems } from '../support/structure.ts'
import { keyboardProblems } from '../support/tab-walk.ts'
import { expect, test } from '../support/test.ts'

// The languages in which a layout breaks first: the original, a longer one, and one from right to left.
const everySize = ['en-GB', 'en-XA', 'ar-XB']

test.use({ trace: 'off' })
test.describe.configure({ mode: 'parallel', timeout: 1_200_000 })

for (const locale of galleryLocales) {
  const { dir } = galleryReader(locale)
  for (const { part, entries } of galleryParts(gallery.filter(isOurDocument))) {
    for (const framed of [false, true]) {
      test(`${locale}, ${framed ? 'in Sage’s frames' : 'alone'}: ${part}`, async ({ open, page, connector, watch }) => {
        const wizard = framed ? await open() : undefined
        const known = new Set<string>()
        for (const entry of entries) {
          watch.expectGallery(entry)
          const frame = (await wizard?.frame()) ?? page.mainFrame()
          const response = await frame.goto(connector.connectorUrl + galleryPath(entry, locale))
          const html = ((await response?.text()) ?? '').replaceAll(entry.name, '')
          if (known.has(html)) continue
          known.add(html)
          const full = !framed && everySize.includes(locale)
          const problems = full ? await inspectFully(page, frame) : (await inspectQuickly(page, frame)).problems
          const keys = framed && everySize.includes(locale) ? await keyboardProblems(page, frame) : []
          expect.soft([...(await structureProblems(frame, html, { locale, dir })), ...problems, ...keys], entry.name).toEqual([])
        }
      })
    }
  }
}
