import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";

import { readBody } from "./read-body.ts";
import { returnAddress } from "./return-address.ts";

/** A request the fake connector got. */
type ReceivedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** The least a connector can be: takes notifications unchecked and opens a page that leads back. */
export type FakeConnector = {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** What it answers to a notification. */
  notificationStatus: number;
  close(): Promise<void>;
};

/** Starts a fake connector at `localhost`, the site a real one has in demo and tests. */
export async function startFakeConnector(port: number): Promise<FakeConnector> {
  const url = `http://localhost:${port}`;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", headers } = request;
    const received = {
      method,
      url: new URL(request.url ?? "", url),
      headers,
      body: await readBody(request),
    };
    connector.requests.push(received);
    const { status, type, body } = answerTo(connector, received);
    response.writeHead(status, { "content-type": type }).end(body);
  };
  const server = createServer((request, response) => void handle(request, response));
  const connector: FakeConnector = {
    url,
    requests: [],
    notificationStatus: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return connector;
}

function answerTo(connector: FakeConnector, { url, headers }: ReceivedRequest) {
  if (url.pathname.startsWith("/notification")) {
    return {
      status: connector.notificationStatus,
      type: "application/json",
      body: '{"received":true}',
    };
  }
  if (url.pathname === "/favicon.ico") return { status: 204, type: "image/x-icon", body: "" };
  const isNavigation = url.pathname !== "/authrefresh" || headers["sec-fetch-mode"] === "navigate";
  const body = isNavigation
    ? wizardPage(url)
    : fragment(`${connector.url}/authrefresh/handle${url.search}`);
  return { status: 200, type: "text/html; charset=utf-8", body };
}

/** In place of the wizard: one page whose link goes back at once. */
function wizardPage({ searchParams }: URL): string {
  const back = returnAddress(
    searchParams.get("redirect_uri") ?? "",
    searchParams.get("state") ?? "",
  );
  return `<!doctype html><html lang="en"><title>Northwind Bank</title><main aria-labelledby="bank"><h1 id="bank">Northwind Bank</h1>
<a href="${back}">Return</a></main></html>`;
}

function fragment(address: string): string {
  const href = address.replaceAll("&", "&amp;");
  return `<section lang="en"><a href="${href}">Continue to your bank</a>
<script>location.replace(document.currentScript.previousElementSibling.href)</script></section>`;
}
