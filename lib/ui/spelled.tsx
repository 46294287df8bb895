/**
 * Characters to be copied: seen in groups, heard one by one with a pause between groups, since a
 * screen reader says "four thousand eight hundred" otherwise. Only one of the two is ever read.
 */
export function Spelled({ text }: { text: string }) {
  const groups = text.split(/\s+/);
  return (
    <>
      <span aria-hidden="true">{text}</span>
      <span className="visually-hidden">
        {groups.map((group) => [...group].join(" ")).join(", ")}
      </span>
    </>
  );
}
