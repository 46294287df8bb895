/**
 * Two texts compared line by line: lines of the second one alone as `+ …`, of the first one alone
 * as `- …`, and nothing of what both have.
 */
export function textDifference(before: readonly string[], after: readonly string[]): string[] {
  // Longest common subsequence, from the end.
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const same = before[row] === after[column];
      lengths[row]?.splice(
        column,
        1,
        same ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1)),
      );
    }
  }
  const lines: string[] = [];
  for (let row = 0, column = 0; row < before.length || column < after.length;) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      row += 1;
      column += 1;
    } else if (
      row < before.length &&
      (column === after.length || at(row + 1, column) >= at(row, column + 1))
    )
      lines.push(`- ${before[row++] ?? ""}`);
    else lines.push(`+ ${after[column++] ?? ""}`);
  }
  return lines;
}
