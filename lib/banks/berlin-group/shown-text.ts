/** A text of the bank's as it may stand on a screen: one line, nothing invisible that turns its direction, no longer than `most`; undefined where nothing is left. Markup stays text. */
export function shownText(text: string | undefined, most: number): string | undefined {
  const plain = (text ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\s]+/g, ' ').trim()
  if (plain === '') return undefined
  const letters = [...plain]
  // In units of UTF-16, which is what the kinds count in.
  if (plain.length <= most) return plain
  let cut = ''
  for (const letter of letters) {
    if (cut.length + letter.length > most - 1) break
    cut += letter
  }
  return `${cut}…`
}
