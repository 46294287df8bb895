import { expect, type Frame, type Locator, type Page } from "playwright/test";
import type { AuthorisationReport, CreatedAuthorisation } from "../../simulator/control-api.ts";
import type { BankingServiceClient } from "../../simulator/client.ts";
import { bank, type MessageKey, type MessageValues, wordsIn } from "./words.ts";

/**
 * The frame in which the connector's documents stand: product page → common UI → (redirect page →)
 * connector.
 */
const outer = 'iframe[title="Bank connection"]';
const inner = 'iframe[title="Your bank"]';

const waiting: readonly MessageKey[] = ["working.heading", "finishing.heading", "approval.heading"];
const maxToRequestMs = 5000;
const maxWaitMs = 15_000;

/** A place where elements are looked up: a page, or a frame of it. */
export type Place = Pick<Page, "getByLabel" | "getByRole" | "getByText" | "locator">;

export interface ExpectedScreen {
  /** The number in front of the heading; screens that end a journey without success have none. */
  step?: 1 | 2 | 3;
  /** Whether the title says that something is wrong. */
  error?: boolean;
  /** What the title ends with, where it is not the bank's name. */
  owner?: string;
  values?: MessageValues;
}

/** One journey, as a person at the browser goes through it. */
export class Wizard {
  /** The connector's document. */
  readonly screen: Place;

  readonly page: Page;
  readonly authorisation: CreatedAuthorisation;
  readonly #bankingService: BankingServiceClient;
  readonly #framed: boolean;
  readonly scripted: boolean;
  #words = wordsIn("en-GB");

  constructor(
    page: Page,
    authorisation: CreatedAuthorisation,
    bankingService: BankingServiceClient,
    { framed, scripted }: { framed: boolean; scripted: boolean },
  ) {
    this.page = page;
    this.authorisation = authorisation;
    this.#bankingService = bankingService;
    this.#framed = framed;
    this.scripted = scripted;
    this.screen = framed ? page.frameLocator(outer).frameLocator(inner) : page;
  }

  /** The frame itself, for what locators cannot do. */
  async frame(): Promise<Frame> {
    if (!this.#framed) return this.page.mainFrame();
    const element = await this.page.frameLocator(outer).locator(inner).elementHandle();
    const frame = await element?.contentFrame();
    if (!frame) throw new Error("the connector has no frame");
    return frame;
  }

  field(label: string) {
    return this.screen.getByRole("textbox", { name: label, exact: true });
  }
  /** Password inputs have no role. */
  get password() {
    return this.screen.locator("input[name=password]");
  }
  get code() {
    return this.field(this.#words("one-time-code.code", { length: 6 }));
  }
  button(key: MessageKey) {
    return this.screen.getByRole("button", { name: this.#words(key), exact: true });
  }
  get returnLink() {
    return this.screen.getByRole("link", { name: this.#words("finished.return"), exact: true });
  }

  async fillCredentials(userName: string, password = "pass_good") {
    await this.field(this.#words("credentials.username")).fill(userName);
    await this.password.fill(password);
  }
  async continue() {
    await this.press(this.button("page.continue"));
  }
  async signIn(userName: string, password?: string) {
    await this.fillCredentials(userName, password);
    await this.continue();
  }
  async enterCode(code = "123456") {
    await this.code.fill(code);
    await this.continue();
  }
  async answerQuestion(answer = "blue") {
    await this.screen.getByRole("textbox").fill(answer);
    await this.continue();
  }
  async sendNewCode() {
    await this.press(this.button("one-time-code.send-again"));
  }
  async cancel() {
    await this.press(this.button("page.cancel"));
  }
  async goBackToSage() {
    await this.press(this.returnLink);
  }

  /** Chooses another language, in which everything is expected from then on. */
  async chooseLanguage(locale: string) {
    await this.screen
      .getByRole("combobox", { name: this.#words("language.label"), exact: true })
      .selectOption(locale);
    await this.press(this.button("language.change"));
    this.#words = wordsIn(locale);
  }

  /**
   * Clicks what leads to another document. A browser drops what is clicked in a document that it
   * has not painted yet; on a busy machine that can be seen, and a person clicks again. Elsewhere
   * than in the wizard's own frame where a window is given.
   */
  async press(target: Locator, window?: Page) {
    const frame = window?.mainFrame() ?? (await this.frame());
    const click = () =>
      Promise.all([
        frame
          .page()
          .waitForRequest((request) => request.isNavigationRequest() && request.frame() === frame, {
            timeout: maxToRequestMs,
          }),
        target.click(),
      ]);
    await click().catch(click);
  }

  /**
   * Waits for a screen: its heading, and its title with the state first and the bank's name last.
   */
  async expectScreen(
    heading: MessageKey,
    { step, error = false, owner = bank, values }: ExpectedScreen = {},
  ) {
    const text = this.#words(heading, values);
    const h1 = step ? this.#words("page.step-heading", { step, heading: text }) : text;
    if (!this.scripted && !waiting.includes(heading)) await this.#checkUntil(h1);
    await this.#expectHeading(h1);
    await expect
      .poll(async () => (await this.frame()).title())
      .toBe(this.#words(error ? "page.title-error" : "page.title", { heading: h1, bank: owner }));
  }

  /**
   * Without script the person asks for what comes after a screen that waits; a busy machine shows
   * one where a quiet one does not.
   */
  async #checkUntil(heading: string) {
    const check = this.button("working.check");
    while (
      await this.#heading(heading)
        .or(check)
        .first()
        .waitFor()
        .then(() => check.isVisible())
    )
      await this.press(check);
  }

  /** Whether one that waits comes before a screen. */
  async waitsBefore(heading: MessageKey, { step, values }: ExpectedScreen = {}): Promise<boolean> {
    const text = this.#words(heading, values);
    const wanted = this.#heading(
      step ? this.#words("page.step-heading", { step, heading: text }) : text,
    );
    const waits = this.screen
      .getByRole("heading", { level: 1 })
      .filter({ hasText: new RegExp(waiting.map((key) => this.#words(key)).join("|")) });
    await wanted.or(waits).first().waitFor();
    return !(await wanted.isVisible());
  }

  /** Whether a screen comes within a good while. */
  async shows(heading: MessageKey, { step, values }: ExpectedScreen = {}): Promise<boolean> {
    const text = this.#words(heading, values);
    const shown = this.#heading(
      step ? this.#words("page.step-heading", { step, heading: text }) : text,
    ).waitFor({ timeout: maxWaitMs });
    return shown.then(
      () => true,
      () => false,
    );
  }

  #heading(text: string) {
    return this.screen.getByRole("heading", { level: 1, name: text, exact: true });
  }

  /**
   * An assertion looks again after a quarter of a second and more; waiting first sees the heading
   * when it comes, and the assertion says what was there instead.
   */
  async #expectHeading(text: string) {
    await this.#heading(text)
      .waitFor({ timeout: maxWaitMs })
      .catch(() => undefined);
    await expect(this.screen.getByRole("heading", { level: 1 })).toHaveText(text);
  }

  /** Waits until the browser is back in Sage, which shows whether it had the result by then. */
  async expectBackInSage({ active }: { active: boolean }) {
    const heading = active ? "Your bank feed is active" : "Your bank feed is not active";
    await this.#expectHeading(heading);
    const { arrivals } = await this.report();
    expect(arrivals.map(({ exact }) => exact)).toEqual([true]);
  }

  /** What Banking Service knows. */
  report(): Promise<AuthorisationReport> {
    return this.#bankingService.authorisation(this.authorisation.authorisationId);
  }

  /** The body of every PATCH so far. */
  async patches() {
    return (await this.report()).patches.map(({ body }) => body);
  }
}

/** The body that tells Sage of a success. */
export const success = { data: { status: "success" } };
