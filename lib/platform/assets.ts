import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** A file of `public/` as it is sent: compressed once, named by its content, cached for good. */
export interface Asset {
  /** Its name in `public/`. */
  file: string
  /** For example `wizard-1a2b3c4d5e.js`. */
  name: string
  type: string
  encodings: Readonly<Record<'br' | 'gzip' | 'identity', Buffer<ArrayBuffer>>>
}

const types = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' } as const

function load(file: string): Asset {
  const { name, ext } = path.parse(file)
  const content = readFileSync(path.join(/* turbopackIgnore: true */ process.cwd(), 'public', file))
  return {
    file,
    name: `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 10)}${ext}`,
    type: types[ext as keyof typeof types],
    encodings: {
      br: Buffer.from(brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } })),
      gzip: Buffer.from(gzipSync(content, { level: 9 })),
      identity: Buffer.from(content),
    },
  }
}

/** The two assets of the wizard's documents. */
export function loadAssets() {
  return { script: load('wizard.js'), style: load('wizard.css') }
}

export type WizardAssets = ReturnType<typeof loadAssets>

/** The best of our encodings that the caller accepts (RFC 9110 §12.5.3). */
export function chooseEncoding(acceptEncoding: string | null): keyof Asset['encodings'] {
  const accepted = (acceptEncoding ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity'
}
