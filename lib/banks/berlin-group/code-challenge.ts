import type { Challenge } from '../../challenges/index.ts'
import { bankPicture } from '../../challenges/picture.ts'
import { BankMisbehaved } from './misbehaviour.ts'
import { methodLabel } from './method-label.ts'
import type { BerlinGroupSettings } from './settings.ts'
import { shownText } from './shown-text.ts'
import type { ChallengeData, ProgressAnswer, ScaMethod } from './xs2a-messages.ts'

const longestNote = 500

/** What the bank wants said beside its question: `additionalInformation`, which we must show, and `psuMessage`. */
export const noteOf = ({ challengeData, psuMessage }: Pick<ProgressAnswer, 'challengeData' | 'psuMessage'>, ...more: (string | undefined)[]): string | undefined =>
  shownText([...new Set([challengeData?.additionalInformation, psuMessage, ...more])].filter((text) => text !== undefined).join(' '), longestNote)

/**
 * The question for a code, by the way that was chosen and its `challengeData`. Pure.
 * @throws {BankMisbehaved} for a picture that cannot be shown, where there is nothing to type instead.
 */
export function codeChallenge(
  progress: Pick<ProgressAnswer, 'chosenScaMethod' | 'challengeData' | 'psuMessage'>,
  settings: Pick<BerlinGroupSettings, 'codeLengths' | 'methodNames'>,
  { sendAgain }: { sendAgain: boolean },
): Challenge {
  const { chosenScaMethod: method, challengeData = {} } = progress
  const type = method?.authenticationType ?? ''
  const { image, data = [] } = challengeData
  if (image !== undefined) {
    const picture = scan(image, method, settings)
    if (picture) return { kind: 'picture-code', prompt: { purpose: 'scan', picture, ...insteadOf(data), ...noted(progress), reply: replyOf(challengeData) } }
    if (data.length === 0) throw new BankMisbehaved('challenge-not-showable')
  }
  const code = codeOf(challengeData, settings.codeLengths[type])
  const [first = ''] = data
  if (type === 'CHIP_OTP' && /^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/.test(first) && first.length <= 40) {
    return { kind: 'one-time-code', prompt: { channel: 'card-reader', number: first, ...code, ...noted(progress, ...data.slice(1)) } }
  }
  const destination = method && shownText(destinationIn(method) ?? methodLabel(method, settings), 100)
  if ((type === 'SMS_OTP' || type === 'SMTP_OTP') && destination !== undefined) {
    return { kind: 'one-time-code', prompt: { channel: type === 'SMS_OTP' ? 'sms' : 'email', destination, ...(sendAgain ? { sendAgain } : {}), ...code, ...noted(progress, ...data) } }
  }
  return { kind: 'one-time-code', prompt: { channel: 'app', ...code, ...noted(progress, ...data) } }
}

function noted(progress: Pick<ProgressAnswer, 'challengeData' | 'psuMessage'>, ...data: string[]): { note?: string } {
  const note = noteOf(progress, ...data)
  return note === undefined ? {} : { note }
}

/** `otpMaxLength` is the most, not the length: a shorter code may be right. */
function codeOf({ otpMaxLength, otpFormat }: ChallengeData, length: number | undefined) {
  const longest = otpMaxLength === undefined ? {} : { longest: Math.min(otpMaxLength, 40) }
  return { ...(length === undefined ? longest : { length }), ...(otpFormat === 'characters' ? { format: 'letters-and-digits' as const } : {}) }
}

const replyOf = ({ otpFormat }: ChallengeData) => ({ characters: otpFormat === 'integer' ? ('digits' as const) : ('any' as const) })

function insteadOf(data: readonly string[]): { instead?: string } {
  const instead = shownText(data.join(' '), 120)
  return instead === undefined ? {} : { instead }
}

// PNG by the standard; banks send the others, too. What the bytes really are is judged by the kind.
const signatures = [['iVBORw0KGgo', 'image/png'], ['/9j/', 'image/jpeg'], ['R0lGOD', 'image/gif']] as const

function scan(image: string, method: ScaMethod | undefined, settings: Pick<BerlinGroupSettings, 'methodNames'>) {
  const base64 = image.replace(/^data:[a-z/+.-]+;base64,/, '').replace(/\s+/g, '')
  const mediaType = signatures.find(([start]) => base64.startsWith(start))?.[1]
  const alt = shownText(method && methodLabel(method, settings), 300) ?? 'photoTAN'
  return bankPicture.safeParse({ mediaType, base64, alt }).data
}

/** "SMS OTP on phone +49160 xxxxx 28": the part that says where to, as the bank masks it. */
function destinationIn({ authenticationType, name = '' }: ScaMethod): string | undefined {
  const found = authenticationType === 'SMTP_OTP' ? /[^\s<>]+@[^\s<>]+/.exec(name) : /[+\d*•xX][\dxX*• ()/-]{3,}[\dxX*•]/.exec(name)
  return found?.[0].trim()
}
