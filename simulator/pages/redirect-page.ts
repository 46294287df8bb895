/**
 * Sage's own page with the provider's HTML in its `body`.
 *
 * The HTML goes in as it came, scripts and all, as Sage's documentation has it ("it'll be embedded
 * in the 'body' section of a page"). The head is Sage's, with a stylesheet that was not written
 * with a guest in mind.
 *
 * @param fragment the connector's answer
 */
export function redirectPage(fragment: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Banking Service</title>
<link rel="stylesheet" href="/assets/host.css">
</head>
<body>
${fragment}
</body>
</html>
`;
}
