import type { BrowserContext, Request, Response } from "playwright/test";
import type { Pair } from "./pair.ts";

// What a browser writes by itself for an answer of 4xx or 5xx.
const failedToLoad = /^Failed to load resource: the server responded with a status of (\d{3})/;
// What a browser, and our own listener, write for an inline script that the policy stops.
const blockedScript = /inline script.*Content Security Policy|^policy violation: script-src/;
const connectorPaths =
  /^\/(authrefresh(\/[^/]+(\/(status|bank))?)?|assets\/wizard-[0-9a-f]+\.(css|js))$/;

/**
 * Writes down everything a browser does in a test that it must never do: console errors and
 * warnings, page errors, violations of the policy, failed requests, requests to strangers, error
 * answers, cookies, redirects that would post again. A test names the exceptions it is about; one
 * that is named and does not happen is a failure, too.
 */
export class Watch {
  readonly #problems: string[] = [];
  readonly #expected = new Set<number>();
  readonly #seen = new Set<number>();
  readonly #paths = new Set<string>();
  readonly #navigations: Request[] = [];
  readonly #dropped: Request[] = [];
  #overtakes = false;
  #stays = false;
  #blocks = false;
  readonly #origins: Set<string>;
  readonly #connector: string;
  #document: Response | undefined;

  constructor(context: BrowserContext, { connectorUrl, bankingServiceUrl }: Pair) {
    const { port } = new URL(bankingServiceUrl);
    this.#connector = connectorUrl;
    this.#origins = new Set([
      connectorUrl,
      bankingServiceUrl,
      `http://ui.localhost:${port}`,
      `http://redirect.localhost:${port}`,
    ]);
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      const status = Number(failedToLoad.exec(message.text())?.[1]);
      if (this.#expected.has(status) || (this.#blocks && blockedScript.test(message.text())))
        return;
      this.#note(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#note(`page error: ${error.error().message}`));
    context.on("request", (request) => this.#judgeRequest(request));
    context.on("requestfailed", (request) => this.#judgeFailure(request));
    context.on("response", (response) => this.#judgeResponse(response));
  }

  /** Says that an answer of this status belongs to the test. */
  expectStatus(...statuses: number[]): void {
    for (const status of statuses) this.#expected.add(status);
  }

  /** Says that an address of ours which no screen leads to belongs to the test. */
  expectPath(path: string): void {
    this.#paths.add(path);
  }

  /** Says that a bank of its own belongs to the test. */
  expectOrigin(origin: string): void {
    this.#origins.add(origin);
  }

  /** Says that a made-up screen belongs to the test. */
  expectGallery({ name }: { name: string }): void {
    this.expectPath(`/gallery/${name}`);
    this.expectPath(`/gallery/${name}/status`);
  }

  /** Says that the policy of the page stops a script of ours, as a host's policy may. */
  expectBlockedScript(): void {
    this.#blocks = true;
  }

  /**
   * Says that going to the connector is answered with nothing, on which a browser stays where it
   * is.
   */
  expectToStay(): void {
    this.#stays = true;
  }

  /**
   * Says that a form is sent while its screen is on its way to the next already, twice or beside a
   * script that goes on: of the two a browser drops the first, if it comes to that.
   */
  expectOvertaken(): void {
    this.#overtakes = true;
  }

  /** The connector's last document as it was sent, before any script. */
  async lastDocument(): Promise<string> {
    if (!this.#document) throw new Error("the connector sent no document yet");
    return this.#document.text();
  }

  /** Whether the connector sent the browser a document that was no error. */
  get sentScreen(): boolean {
    return this.#document?.ok() ?? false;
  }

  /** Everything that went wrong. */
  verdict(): string[] {
    const missing = [...this.#expected].filter((status) => !this.#seen.has(status));
    const lost = this.#dropped.filter((request) => !this.#isOvertaken(request)).map(failedRequest);
    return [
      ...this.#problems,
      ...lost,
      ...missing.map((status) => `no answer of ${status}, which this test is about`),
    ];
  }

  #note(problem: string) {
    this.#problems.push(problem);
  }

  #judgeRequest(request: Request) {
    // The empty icon of our documents, and pictures and recordings of the bank's: they are in the
    // document.
    if (request.url().startsWith("data:")) return;
    const { origin, pathname } = new URL(request.url());
    if (request.isNavigationRequest()) this.#navigations.push(request);
    if (!this.#origins.has(origin))
      this.#note(`request to a stranger: ${request.method()} ${request.url()}`);
    if (origin === this.#connector && !connectorPaths.test(pathname) && !this.#paths.has(pathname))
      this.#note(`unexpected request: ${request.method()} ${request.url()}`);
    if (origin !== this.#connector && request.method() !== "GET")
      this.#note(`${request.method()} to somebody else: ${request.url()}`);
  }

  #judgeFailure(request: Request) {
    const reason = request.failure()?.errorText ?? "";
    // The browser itself drops what a document still loads or polls when that document is left; and
    // Sage's own page, whose last bytes are on their way when the fragment's script leaves it.
    if (
      reason === "net::ERR_ABORTED" &&
      (!request.isNavigationRequest() || this.#stays || this.#isRedirectPage(request))
    )
      return;
    // Whether it is overtaken is known at the end: the browser may tell of the second request after
    // it dropped the first.
    if (reason === "net::ERR_ABORTED" && this.#overtakes) this.#dropped.push(request);
    else this.#note(failedRequest(request));
  }

  /**
   * Whether a form went to the same address after it: what the person did last was not lost. What
   * is dropped may be the screen that the first answer sent the browser to.
   */
  #isOvertaken(dropped: Request) {
    let first = dropped;
    for (let from = first.redirectedFrom(); from; from = first.redirectedFrom()) first = from;
    const later = this.#navigations.slice(this.#navigations.indexOf(first) + 1);
    return later.some(
      (next) =>
        next.method() === "POST" && pathOf(next) === pathOf(first) && next.failure() === null,
    );
  }

  #isRedirectPage(request: Request) {
    const { hostname, pathname } = new URL(request.url());
    return hostname === "redirect.localhost" && pathname.startsWith("/authorisations/");
  }

  #judgeResponse(response: Response) {
    const request = response.request();
    const status = response.status();
    this.#seen.add(status);
    if (status >= 400 && !this.#expected.has(status))
      this.#note(`answer ${status}: ${request.method()} ${response.url()}`);
    if (new URL(response.url()).origin !== this.#connector) return;
    if (request.resourceType() === "document" && status !== 303) this.#document = response;
    if ([301, 302, 307, 308].includes(status))
      this.#note(`redirect ${status}: ${request.method()} ${response.url()}`);
    const { "set-cookie": setCookie } = response.headers();
    if (setCookie !== undefined) this.#note(`cookie set: ${response.url()}`);
  }
}

const failedRequest = (request: Request) =>
  `failed request: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ""}`;
const pathOf = (request: Request) => new URL(request.url()).pathname;
