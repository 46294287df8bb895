import { html, type Html } from "./html.ts";

/**
 * A whole page of the simulator's own.
 *
 * @param title what the tab shows
 * @param stylesheet file name under `/assets/`
 * @param body the content of `body`
 * @param head further elements of `head`
 */
export function document(
  title: string,
  stylesheet: string,
  body: Html,
  head: Html = html``,
): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/assets/${stylesheet}" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html> `.markup;
}
