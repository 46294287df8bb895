import { navigation, type RawAnswer, rawRequest } from "./raw-request.ts";

/** The form of a screen, as it stands in the HTML. */
export interface ScreenForm {
  url: string;
  token: string;
}

/** Every form of a screen posts to the same address with the same token. */
export function formOf({ body }: RawAnswer): ScreenForm {
  const [, url = ""] = / action="([^"]+)"/.exec(body) ?? [];
  const [, token = ""] = / name="form_token" value="([^"]+)"/.exec(body) ?? [];
  if (!url || !token) throw new Error(`no form on this screen: ${body.slice(0, 300)}`);
  return { url, token };
}

/** What a browser adds when it posts a form from one of our screens. */
export const posting = (url: string) => ({
  ...navigation,
  "sec-fetch-site": "same-origin",
  origin: new URL(url).origin,
});

/** Posts a screen's form as a browser does. */
export function postForm(
  { url, token }: ScreenForm,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  return rawRequest(url, {
    method: "POST",
    headers: {
      ...posting(url),
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    },
    body: new URLSearchParams({ form_token: token, action: "continue", ...fields }).toString(),
  });
}

/** The first screen, as a browser gets it. */
export const firstScreen = (authrefreshUrl: string): Promise<RawAnswer> =>
  rawRequest(authrefreshUrl, { headers: navigation });

/** The screen an answer of 303 leads to. */
export const follow = ({ headers }: RawAnswer): Promise<RawAnswer> =>
  rawRequest(headers.location ?? "", { headers: navigation });

export const credentials = (username: string, password = "pass_good") => ({ username, password });

/**
 * Starts a journey and answers the first challenge.
 * @returns the first form, the 303 and the screen after it.
 */
export async function start(authrefreshUrl: string, username: string, password?: string) {
  const form = formOf(await firstScreen(authrefreshUrl));
  const posted = await postForm(form, credentials(username, password));
  return { form, posted, screen: await follow(posted) };
}

/** The heading of a screen. */
export const headingOf = ({ body }: RawAnswer): string =>
  /<h1[^>]*>([^<]*)<\/h1>/.exec(body)?.[1] ?? "";
