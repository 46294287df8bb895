import { randomBytes } from "node:crypto";
import { expect, test } from "../support/connector-test.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import {
  credentials,
  firstScreen,
  follow,
  formOf,
  headingOf,
  postForm,
  start,
} from "../support/raw-journey.ts";
import { comparable, navigation, rawRequest } from "../support/raw-request.ts";
import { words } from "../support/words.ts";

const garbage = {
  "a word": marker,
  "a random session handle": randomBytes(32).toString("base64url"),
  "five empty parts": "....",
  "a token of another kind": `eyJhbGciOiJub25lIn0.${Buffer.from(marker).toString("base64url")}.`,
  "dots and letters": `${marker}.${marker}.${marker}.${marker}.${marker}`,
  "a NUL": `${marker}%00`,
  "letters outside ASCII": `${marker}%C3%A9`,
  SQL: `'%20OR%20'1'='1`,
  "very many letters": marker.repeat(300),
};

test("every handle that is none gets the one screen of 410, to GET and to POST", async ({
  connector,
}) => {
  const first = await rawRequest(`${connector.connectorUrl}/authrefresh/garbage`, {
    headers: navigation,
  });
  expect(first.status).toBe(410);
  expect(headingOf(first)).toBe(words("error.gone.heading"));
  const post = (url: string) =>
    postForm({ url, token: marker }, { username: marker }, { origin: connector.connectorUrl });
  // After a form its heading takes the focus; that is all that differs.
  const firstPosted = await post(`${connector.connectorUrl}/authrefresh/garbage`);
  expect({
    status: firstPosted.status,
    body: firstPosted.body.replace(' data-focus="reauth-heading"', ""),
  }).toEqual({ status: 410, body: first.body });
  for (const [what, handle] of Object.entries(garbage)) {
    const url = `${connector.connectorUrl}/authrefresh/${handle}`;
    const got = await rawRequest(url, { headers: navigation });
    expect({ what, ...comparable(got) }).toEqual({ what, ...comparable(first) });
    expect({ what, ...comparable(await post(url)) }).toEqual({
      what,
      ...comparable(firstPosted),
    });
    expectNoEcho(got);
  }
});

test("a real handle with one letter changed, cut off or lengthened is none", async ({ create }) => {
  const form = formOf(await firstScreen((await create()).authrefreshUrl));
  const session =
    (await start((await create()).authrefreshUrl, "user_sms")).posted.headers.location ?? "";
  for (const url of [form.url, session]) {
    const middle = url.length - 20;
    const changed =
      url.slice(0, middle) + (url[middle] === "x" ? "y" : "x") + url.slice(middle + 1);
    for (const tampered of [changed, url.slice(0, -1), `${url}A`, `${url}.`, url.toUpperCase()]) {
      const { status } = await rawRequest(
        tampered
          .replace(/^HTTP:\/\/LOCALHOST/, "http://localhost")
          .replace("/AUTHREFRESH/", "/authrefresh/"),
        { headers: navigation },
      );
      expect(status).toBe(410);
    }
  }
});

test("a first screen whose time ran out is gone, to GET and to POST", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const form = formOf(await firstScreen(authrefreshUrl));
  await database.expire(authorisationId);
  expect((await rawRequest(form.url, { headers: navigation })).status).toBe(410);
  expect((await postForm(form, credentials("user_good"))).status).toBe(410);
  expect(await database.stored(authorisationId)).toMatchObject({ claimed: false, sessions: 0 });
});

test("a first screen that was started is gone to every rendering but the one that started", async ({
  create,
}) => {
  const { authrefreshUrl } = await create();
  const other = formOf(await firstScreen(authrefreshUrl));
  const { form, posted } = await start(authrefreshUrl, "user_sms");
  expect((await rawRequest(form.url, { headers: navigation })).status).toBe(410);
  expect((await postForm(other, credentials("user_sms"))).status).toBe(410);
  expect((await postForm(form, credentials("user_sms"))).headers.location).toBe(
    posted.headers.location,
  );
});

test("a journey whose time ran out answers 410 with its last screen and the way back", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId, redirectUri, state } = await create();
  const { screen } = await start(authrefreshUrl, "user_sms");
  await database.expire(authorisationId);
  const posted = await postForm(formOf(screen), { code: "123456" });
  expect(posted.status).toBe(303);
  const last = await follow(posted);
  expect(last.status).toBe(410);
  expect(headingOf(last)).toBe(words("expired.heading"));
  expect(last.body).toContain(`href="${redirectUri}?state=${state}"`);
});

test("the status address tells only whether another screen is due, and how long is left", async ({
  create,
  connector,
}) => {
  const { authrefreshUrl } = await create();
  const { posted } = await start(authrefreshUrl, "user_sms");
  const status = await rawRequest(`${posted.headers.location ?? ""}/status`);
  expect(status.status).toBe(200);
  expect(JSON.parse(status.body)).toEqual({
    version: expect.any(String),
    seconds_left: expect.any(Number),
  });
  const unknown = await rawRequest(`${connector.connectorUrl}/authrefresh/${marker}/status`);
  expect(unknown.status).toBe(404);
  expect(unknown.headers["content-type"]).toBe("application/problem+json");
  expectNoEcho(unknown);
});
