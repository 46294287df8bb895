import { chooseEncoding } from '../../../lib/platform/assets.ts'
import { problemResponse } from '../../../lib/platform/problem.ts'
import { services } from '../../../lib/services.ts'
import { refuseOtherMethods } from '../../_answers/methods.ts'

export const dynamic = 'force-dynamic'
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods('GET', 'HEAD')

/** The script and the style of the wizard, compressed and immutable: another content has another name. */
export async function GET(request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const { file } = await params
  const asset = Object.values(services().assets).find(({ name }) => name === file)
  if (!asset) return problemResponse(404)
  const encoding = chooseEncoding(request.headers.get('accept-encoding'))
  const body = asset.encodings[encoding]
  return new Response(body, {
    headers: {
      'content-type': asset.type,
      'content-length': String(body.length),
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      // A wizard document may stand in another origin's body; a module script is then fetched with CORS.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    },
  })
}
export const HEAD = GET
