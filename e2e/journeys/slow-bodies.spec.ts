import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "../support/connector-test.ts";
import { marker } from "../support/marked.ts";
import { firstScreen, formOf } from "../support/raw-journey.ts";

/**
 * Sends a request whose body never comes to its end.
 * @returns what is answered until the connection is closed.
 */
function unfinished(
  connectorUrl: string,
  path: string,
  type: string,
  bodyBegins = true,
): Promise<string> {
  const { hostname, port, host } = new URL(connectorUrl);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ` +
          `${type}\r\nContent-Length: ` +
          `1000\r\n${bodyBegins ? "\r\n" : "X-Slow: "}${marker}`,
      );
    });
    socket.on("data", (data) => (answer += String(data)));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.on("end", () => socket.end());
  });
}

test("headers or a body that do not come to their end are answered 408 or cut off, and keep nobody waiting", async ({
  create,
  connector,
  database,
}) => {
  test.slow();
  const { authrefreshUrl, authorisationId } = await create();
  const { url } = formOf(await firstScreen(authrefreshUrl));
  const answers = await Promise.all([
    unfinished(connector.connectorUrl, "/notification", "application/json"),
    unfinished(connector.connectorUrl, new URL(url).pathname, "application/x-www-form-urlencoded"),
    unfinished(connector.connectorUrl, "/notification", "application/json", false),
  ]);
  for (const answer of answers) {
    expect(answer).toMatch(/^(HTTP\/1\.1 (408|401) |$)/);
    expect(answer).not.toContain(marker);
  }
  expect(await database.stored(authorisationId)).toMatchObject({ claimed: false });
});

for (const path of [
  "/notification",
  "/notifications",
  "/notification?by=next",
  "/connect-codes",
  "/bank/ping",
]) {
  test(`whoever is not trusted at ${path} is told so before a body is read`, async ({
    connector,
  }) => {
    const { hostname, port, host } = new URL(connector.connectorUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    // Nothing of the body is ever sent: whoever waited for it would answer 408.
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ` +
        `${"x".repeat(43)}\r\nContent-Type: image/png\r\nContent-Length: ` +
        `1000000\r\n\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });
}

test("a request with two of a header that has one value is answered 400, whatever else it is", async ({
  connector,
}) => {
  const { hostname, port, host } = new URL(connector.connectorUrl);
  for (const twice of [
    `Host: ${marker}.example`,
    `Authorization: Bearer a\r\nAuthorization: Bearer ${marker}`,
    `Content-Type: text/plain\r\nContent-Type: ${marker}/x`,
  ]) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`POST /notification HTTP/1.1\r\nHost: ${host}\r\n${twice}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
    expect(String(answer)).not.toContain(marker);
    socket.destroy();
  }
});
