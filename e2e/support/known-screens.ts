import type { Story } from "../../app/gallery/_screens/story.ts";
import { buildOf } from "./inspect.ts";

/** The screens a walk has seen, so that nothing is looked at twice. */
export class Known {
  readonly #same = new Map<string, string>();
  readonly #alike = new Map<string, string>();

  /**
   * @returns the names of a screen seen before that is the same document, and of one that differs
   *   in words alone
   */
  look({ name }: Story, html: string): { same: string | undefined; alike: string | undefined } {
    // Addresses apart, some states of some kinds are the same page.
    const document = html.replaceAll(name, "");
    const build = buildOf(document);
    const [same, alike] = [this.#same.get(document), this.#alike.get(build)];
    if (!same) this.#same.set(document, name);
    if (!alike) this.#alike.set(build, name);
    return { same, alike };
  }
}
