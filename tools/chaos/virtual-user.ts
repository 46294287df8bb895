import { setTimeout as pause } from "node:timers/promises";
import type { CreatedAuthorisation } from "../../simulator/control-api.ts";
import { firstLink, isWaiting, mainForm } from "../bench/wizard-html.mjs";
import type { Call } from "../bench/http-client.mjs";
import type { Balancer, Sent } from "./balancer.ts";
import type { Answered, History } from "./history.ts";
import type { Plan } from "./plan.ts";
import { isFinishing, outcomeOn } from "./words.ts";

/** What virtual users act on. */
export interface World {
  balancer: Balancer;
  /** The connector's PUBLIC_URL, as a browser sends it with a form. */
  origin: string;
  notification(authorisationId: string): Call;
  history: History;
  draw(): number;
  /** The longest a person thinks about a screen. */
  thinkMs: number;
  /** After which a person gives up, and the journey counts as one without an end. */
  maxWaitMs: number;
  /** How long a person waits for Sage to be told before they go. */
  finishingMs: number;
}

const navigation = {
  "sec-fetch-mode": "navigate",
  accept: "text/html",
  "accept-language": "en-GB",
};
const answers = {
  password: "pass_good",
  code: "123456",
  "answer-car": "blue",
  "answer-pet": "rover",
};
/**
 * How late a notification may be that its entry overtakes; 2 s are waited for it, of which a busy
 * machine takes some.
 */
const lateMs = 1200;

class GaveUp extends Error {}

/**
 * One re-authorisation as Banking Service and a stubborn person make it: whatever is lost, refused
 * for now or slow is tried again, at whichever replica comes, until it is through. Everything sent
 * and seen goes into the history.
 */
export async function makeJourney(
  world: World,
  authorisation: CreatedAuthorisation,
  plan: Plan,
): Promise<void> {
  const journey = new Journey(world, authorisation, plan);
  const { authorisationId: id } = authorisation;
  try {
    await journey.run();
  } catch (error) {
    const ending =
      error instanceof GaveUp
        ? `gave up: ${error.message}`
        : `broke: ${error instanceof Error ? error.message : String(error)}`;
    world.history.note({
      what: "saw",
      id,
      user: plan.user,
      ending,
      truthful: plan.truthful,
      exact: null,
    });
  }
}

class Journey {
  readonly #world: World;
  readonly #authorisation: CreatedAuthorisation;
  readonly #plan: Plan;
  readonly #until: number;
  #bankAway = 0;
  #wrongGiven = false;
  #cancelled = false;

  constructor(world: World, authorisation: CreatedAuthorisation, plan: Plan) {
    this.#world = world;
    this.#authorisation = authorisation;
    this.#plan = plan;
    this.#until = performance.now() + world.maxWaitMs;
  }

  async run(): Promise<void> {
    const { authorisationId, authrefreshUrl } = this.#authorisation;
    const notification = this.#world.notification(authorisationId);
    const entry = new URL(authrefreshUrl);
    const enter = () => this.#call("entry", { path: entry.pathname + entry.search }, [200]);
    const notify = () => this.#call("notification", notification, [200]);
    // Sage sends the notification just before it fetches the entry, which may overtake it (at most
    // 2 s are waited for it).
    const entered = this.#plan.early ? enter() : undefined;
    if (entered) await pause(this.#world.draw() * lateMs);
    // It may fail before anybody waits for it; whoever does sees it then.
    entered?.catch(() => undefined);
    await Promise.all(Array.from({ length: this.#plan.notifications }, notify));
    const { body } = await (entered ?? enter());
    await this.#think();
    await Promise.all([
      this.#walk(firstLink(body)),
      ...(this.#plan.notifications > 1 ? [notify()] : []),
    ]);
  }

  async #walk(from: string): Promise<void> {
    let path = from;
    let finishingSince: number | undefined;
    for (;;) {
      const page = await this.#call("screen", { path, headers: navigation }, [200]);
      const outcome = outcomeOn(page.body);
      if (outcome !== undefined) return void this.#arrive(outcome, page.body);
      if (isWaiting(page.body)) {
        finishingSince = isFinishing(page.body) ? (finishingSince ?? performance.now()) : undefined;
        if (
          finishingSince !== undefined &&
          performance.now() - finishingSince > this.#world.finishingMs
        )
          path = await this.#post(page.body, { action: "leave" });
        // As the script does: ask whether another screen is due, which also asks the bank.
        else await this.#call("screen", { path: `${path}/status` }, [200]);
        await pause(1000);
        continue;
      }
      await this.#think();
      path = await this.#post(page.body, this.#answer(page.body));
    }
  }

  /** What this person does on this screen. */
  #answer(html: string): Record<string, string> {
    if (html.includes("We could not reach")) this.#bankAway += 1;
    const onSecond = !html.includes('name="password"');
    if (this.#bankAway > 1 && this.#plan.truthful.includes("cancelled") && !this.#plan.cancels)
      return { action: "cancel" };
    if (this.#plan.cancels && onSecond && !this.#cancelled) {
      this.#cancelled = true;
      return { action: "cancel" };
    }
    if (this.#plan.wrongFirst && onSecond && !this.#wrongGiven) {
      this.#wrongGiven = true;
      return { ...answers, code: "000000", action: "continue" };
    }
    return { ...answers, username: this.#plan.user, action: "continue" };
  }

  async #post(html: string, typed: Record<string, string>): Promise<string> {
    const { path, fields } = mainForm(html);
    const body = new URLSearchParams({ ...fields, ...typed }).toString();
    const call: Call = {
      method: "POST",
      path,
      headers: {
        ...navigation,
        origin: this.#world.origin,
        "content-type": "application/x-www-form-urlencoded",
      },
      body,
    };
    const posts = [
      this.#call("form", call, [303]),
      ...(this.#plan.twice ? [this.#call("form", call, [303])] : []),
    ];
    const [posted] = await Promise.all(posts);
    const location = posted?.headers["location"];
    if (typeof location !== "string") throw new Error("a post led nowhere");
    return new URL(location).pathname;
  }

  #arrive(outcome: string, html: string): void {
    const { authorisationId: id, redirectUri, state } = this.#authorisation;
    const { user, truthful } = this.#plan;
    this.#world.history.note({
      what: "saw",
      id,
      user,
      ending: outcome,
      truthful,
      exact: html.includes(`href="${redirectUri}?state=${state}"`),
    });
  }

  /** Sends until an answer comes that is none of "not now". */
  async #call(call: Answered["call"], request: Call, right: readonly number[]): Promise<Sent> {
    const { balancer, history, draw } = this.#world;
    for (;;) {
      const sent = await balancer.send(request);
      history.note({
        what: "answer",
        call,
        id: this.#authorisation.authorisationId,
        replica: sent.replica,
        status: sent.status,
        ms: Math.round(sent.ms),
        retryAfter: sent.headers["retry-after"]?.toString(),
        failure: sent.failure,
        right,
      });
      if (sent.status !== null && right.includes(sent.status)) return sent;
      if (sent.status !== null && sent.status !== 503)
        throw new Error(`${call} was answered ${sent.status}`);
      if (performance.now() > this.#until)
        throw new GaveUp(`${call} ${sent.status ?? sent.failure}`);
      await pause(100 + draw() * 400);
    }
  }

  async #think(): Promise<void> {
    if (performance.now() > this.#until) throw new GaveUp("no end in sight");
    await pause(this.#world.draw() * this.#world.thinkMs);
  }
}
