import { catalogues } from '../../../lib/messages/catalogues.ts'
import { type Reader, readerFor } from '../../../lib/messages/reader.ts'

/** Every language the gallery speaks. */
export const galleryLocales: readonly string[] = Object.keys(catalogues)

/** The texts in a language of the gallery's, or in the default one. */
export const galleryReader = (locale: string): Reader => readerFor(locale)
