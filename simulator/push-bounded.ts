/**
 * Appends to a list and drops from its front what is over the limit.
 *
 * @param limit how many items may stay
 */
export function pushBounded<Item>(list: Item[], item: Item, limit: number): void {
  list.push(item);
  if (list.length > limit) list.splice(0, list.length - limit);
}
