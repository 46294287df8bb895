import type { ReactNode } from "react";

/** It stands for a page of Sage's, so its words are in no catalogue. */
export function HostPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`A page of Sage’s: ${title}`}</title>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <main>
          <h1>A page of Sage’s</h1>
          {children}
        </main>
      </body>
    </html>
  );
}
