import { setTimeout as pause } from "node:timers/promises";
import { firstLink, isFinished, isWaiting, mainForm } from "./wizard-html.mjs";

/**
 * The requests of a journey of `user_sms`, in their order. The answer to the last POST comes after
 * the PATCH.
 */
export const steps = /** @type {const} */ ([
  "POST /notification",
  "GET /authrefresh",
  "GET credentials screen",
  "POST credentials",
  "GET code screen",
  "POST code, PATCH",
  "GET finished screen",
]);

const navigation = {
  "sec-fetch-mode": "navigate",
  accept: "text/html",
  "accept-language": "en-GB",
};
const maxPolls = 200;

/**
 * One journey from the notification to the last screen, as Banking Service's back end and then a
 * browser make it.
 * @param {object} parts
 * @param {import('./http-client.mjs').Client} parts.client
 * @param {string} parts.origin the connector's own, as a browser sends it with a form
 * @param {(authorisationId: string) => import('./http-client.mjs').Call} parts.notification
 * @param {import('../../simulator/control-api.ts').CreatedAuthorisation} authorisation
 *   nobody has been notified of yet
 * @returns {Promise<number[]>} how long each of {@link steps} took, in ms
 */
export async function travel({ client, origin, notification }, authorisation) {
  /** @type {number[]} */
  const times = [];
  /** @param {import('./http-client.mjs').Call} call */
  const send = async (call) => {
    const from = performance.now();
    const answer = await client.send(call);
    times.push(performance.now() - from);
    return answer;
  };
  const see = (/** @type {string} */ path) => send({ path, headers: navigation });
  /** @param {string} html @param {Record<string, string>} typed */
  const answer = async (html, typed) => {
    const { path, fields } = mainForm(html);
    const body = new URLSearchParams({ ...fields, ...typed, action: "continue" }).toString();
    const { headers } = await send({
      method: "POST",
      path,
      headers: { ...navigation, origin, "content-type": "application/x-www-form-urlencoded" },
      body,
      expect: 303,
    });
    return new URL(headers.location ?? "").pathname;
  };

  await send(notification(authorisation.authorisationId));
  const entry = new URL(authorisation.authrefreshUrl);
  const fragment = await send({ path: entry.pathname + entry.search });
  const credentials = await see(firstLink(fragment.body));
  const code = await see(
    await answer(credentials.body, { username: "user_sms", password: "pass_good" }),
  );
  const address = await answer(code.body, { code: "123456" });
  let last = await see(address);
  // A PATCH that took more than two seconds: the person is shown a screen that waits.
  for (let polls = 0; isWaiting(last.body) && polls < maxPolls; polls += 1) {
    await pause(100);
    last = await client.send({ path: address, headers: navigation });
  }
  if (!isFinished(last.body, authorisation.state))
    throw new Error("a journey did not end on the finished screen");
  return times;
}
