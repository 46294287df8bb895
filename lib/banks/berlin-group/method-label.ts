import type { BerlinGroupSettings } from "./settings.ts";
import { shownName } from "./shown-text.ts";
import type { RememberedMethod } from "./state.ts";
import type { ScaMethod } from "./xs2a-messages.ts";

type Names = Pick<BerlinGroupSettings, "methodNames">;

/** What a way to confirm is called: by the bank's answer, by its settings, or else by its type. */
export const methodLabel = (
  { name, authenticationType }: Pick<ScaMethod, "name" | "authenticationType">,
  { methodNames }: Names,
): string =>
  shownName(name, 200) ??
  methodNames[authenticationType] ??
  shownName(authenticationType.replaceAll("_", " "), 100) ??
  "?";

/** As much of a label as is remembered where there is room. */
const maxLabels = [100, 60, 40, 24, 12, 6];
const maxType = 20;

/**
 * The ways a bank offers, as they are remembered until one is chosen: with as much of their names
 * as there is room for.
 */
export function rememberedMethods(
  methods: readonly RememberedMethod[],
  room: number,
): RememberedMethod[] {
  const cut = (max: number) =>
    methods.map(({ id, label, type }) => ({
      id,
      label: shownName(label, max) ?? "?",
      type: type.length > maxType ? "" : type,
    }));
  for (const max of maxLabels) {
    const kept = cut(max);
    if (JSON.stringify(kept).length <= room) return kept;
  }
  throw new RangeError("there is no room for the ways");
}
