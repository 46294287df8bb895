import { createElement } from "react";

/**
 * Without JSX, so that this tree needs no loader where it is linted and checked.
 * @param {{ children: import('react').ReactNode }} props
 */
export default function Layout({ children }) {
  return createElement("html", { lang: "en-GB" }, createElement("body", null, children));
}
