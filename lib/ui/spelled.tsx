/** Characters to be copied: seen in groups, heard one by one, since a screen reader says "four thousand eight hundred" otherwise. */
export function Spelled({ text }: { text: string }) {
  return (
    <>
      <span aria-hidden="true">{text}</span>
      <span className="visually-hidden">{[...text.replace(/\s/g, '')].join(' ')}</span>
    </>
  )
}
