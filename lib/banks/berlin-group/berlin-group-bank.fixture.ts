import { createHash, randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { asPicture } from "../../challenges/samples/png.ts";
import { qrDrawing } from "../../challenges/samples/qr-drawing.ts";

// A bank made from the published messages: psd2-api v1.3.12 (OpenAPI of the NextGenPSD2 XS2A
// Framework, The Berlin Group, CC BY 4.0).

/** What the bank was asked, for tests to look at. */
export interface Heard {
  method: string;
  path: string;
  /** With its `?`, or empty. */
  query: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** An answer in place of the bank's own: anything a bank may do wrong. */
export interface Spoilt {
  /** Which request; every one, where it is not told. */
  at?: string;
  status?: number;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
  /** `never`: the request is left without an answer. `gone`: the connection is cut. */
  instead?: "never" | "gone";
}

interface Consent {
  id: string;
  psu: string;
  access: unknown;
  status: string;
  authorisation?: { id: string; scaStatus: string; method?: string; wrong: number };
}

/** Who we are at its authorisation server, which has `secret` for a secret. */
export const oauthClient = { clientId: "connector", secret: "the-secret-of-the-client" };

/** The password of every person, and the code of every way. */
export const rightPassword = "right horse";
export const rightCode = "4711";

const sms = {
  authenticationType: "SMS_OTP",
  authenticationMethodId: "sms 1",
  name: "SMS OTP on phone +49160 xxxxx 28",
};
const photo = {
  authenticationType: "PHOTO_OTP",
  authenticationMethodId: "photo/1",
  name: "photoTAN",
  explanation: "With the app of this bank",
};
const chip = { authenticationType: "CHIP_OTP", authenticationMethodId: "chip:1", name: "chipTAN" };
const push = {
  authenticationType: "PUSH_DEC",
  authenticationMethodId: "push",
  name: "Ada’s phone",
};
const challenges: Record<string, unknown> = {
  [sms.authenticationMethodId]: {
    otpMaxLength: 8,
    otpFormat: "integer",
    additionalInformation: "Nobody at the bank asks for this <b>code</b>.",
  },
  [photo.authenticationMethodId]: {
    image: asPicture(qrDrawing("4815 1623"), "x").base64,
    data: ["4815 1623"],
    otpFormat: "characters",
  },
  [chip.authenticationMethodId]: {
    data: ["48151623", "Press F first."],
    otpMaxLength: 6,
    otpFormat: "integer",
  },
};

/**
 * Starts the bank. The PSU-ID says what happens: `exempt` has no second step; `sms` one way to
 * confirm; `choose` four; `decoupled` the app; `approves` the app, which approves by itself once it
 * was asked about; `redirect` a page; `implicit` a page, without a word of the authorisation;
 * `oauth` its authorisation server; `queries` four ways, whose links carry something along that it
 * wants back; `plain` one way, of which it tells nothing more than when it offered it; `other`
 * other people's accounts only; `blocked`; `slow` waits for ever.
 */
export async function startBerlinGroupBank({
  accounts = [] as unknown[],
  offered = [] as unknown[],
} = {}) {
  const consents = new Map<string, Consent>();
  const heard: Heard[] = [];
  const spoilt: Spoilt[] = [];
  const waiting = new Set<ServerResponse>();
  let last: Consent | undefined;

  const error = (status: number, code: string) => ({
    status,
    body: { tppMessages: [{ category: "ERROR", code, text: "SECRET-TEXT of the bank" }] },
  });
  const href = (consent: Consent, rest: string, name: string) => ({
    href: `/v1/consents/${encodeURIComponent(consent.id)}${rest}${consent.psu === "queries" ? `?carried=${name}&at=a%26b` : ""}`,
  });
  const sub = (consent: Consent, name: string) => ({
    [name]: href(
      consent,
      `/authorisations/${encodeURIComponent(consent.authorisation?.id ?? "")}`,
      name,
    ),
  });

  // Its authorisation server: metadata, pushed requests, a page of two links, tokens.
  const oauth = {
    /** Changes what it says of itself. */
    metadata: {} as Record<string, unknown>,
    pushed: new Map<string, URLSearchParams>(),
    codes: new Map<string, URLSearchParams>(),
    tokens: new Map<string, string>(),
  };
  // RFC 6749 §2.3.1: both are form-encoded first.
  const byHeader = (authorization = "") =>
    Buffer.from(authorization.replace(/^Basic /, ""), "base64")
      .toString()
      .split(":")
      .map(decodeURIComponent)
      .join(":");
  const ofClient = (headers: IncomingHttpHeaders, form: URLSearchParams) =>
    byHeader(headers.authorization) === `${oauthClient.clientId}:${oauthClient.secret}` ||
    (form.get("client_id") === oauthClient.clientId &&
      form.get("client_secret") === oauthClient.secret);

  const oauthAnswer = ({
    method,
    path,
    query,
    headers,
    body,
  }: Heard): { status: number; body?: unknown; raw?: string; headers?: Record<string, string> } => {
    const form = new URLSearchParams(String(body ?? ""));
    if (path.startsWith("/.well-known/")) {
      const at = {
        issuer: url,
        authorization_endpoint: `${url}/oauth/page`,
        token_endpoint: `${url}/oauth/token`,
        pushed_authorization_request_endpoint: `${url}/oauth/par`,
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
      };
      return { status: 200, body: { ...at, ...oauth.metadata } };
    }
    if (path === "/oauth/par" && method === "POST") {
      if (!ofClient(headers, form)) return { status: 401, body: { error: "invalid_client" } };
      const request_uri = `urn:ietf:params:oauth:request_uri:${randomUUID()}`;
      oauth.pushed.set(request_uri, form);
      return { status: 201, body: { request_uri, expires_in: 60 } };
    }
    if (path === "/oauth/page") {
      const asked = new URLSearchParams(query);
      const parameters = oauth.pushed.get(asked.get("request_uri") ?? "") ?? asked;
      const consent = consents.get((parameters.get("scope") ?? "").replace(/^AIS:/, ""));
      if (
        !consent ||
        parameters.get("client_id") !== oauthClient.clientId ||
        parameters.get("code_challenge_method") !== "S256" ||
        parameters.get("response_type") !== "code"
      )
        return { status: 400, raw: "This request is wrong" };
      const code = randomUUID();
      oauth.codes.set(code, parameters);
      const back = (more: Record<string, string>) =>
        `${parameters.get("redirect_uri")}?${new URLSearchParams({ ...more, state: parameters.get("state") ?? "", iss: url })}`.replaceAll(
          "&",
          "&amp;",
        );
      return {
        status: 200,
        headers: { "content-type": "text/html" },
        raw:
          `<!doctype html><html lang="en"><title>Bank</title><link rel="icon" ` +
          `href="data:,"><h1>Your bank</h1><p><a href="${back({ code })}">Yes, connect ` +
          `it</a></p><p><a href="${back({ error: "access_denied" })}">No, go ` +
          `back</a></p>`,
      };
    }
    if (path === "/oauth/token" && method === "POST") {
      if (!ofClient(headers, form)) return { status: 401, body: { error: "invalid_client" } };
      const parameters = oauth.codes.get(form.get("code") ?? "");
      const consent = consents.get((parameters?.get("scope") ?? "").replace(/^AIS:/, ""));
      const proven =
        createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url") === parameters?.get("code_challenge");
      if (!consent || !proven || form.get("redirect_uri") !== parameters.get("redirect_uri"))
        return { status: 400, body: { error: "invalid_grant" } };
      oauth.codes.delete(form.get("code") ?? "");
      decide("finalised", consent.id);
      const access_token = randomUUID();
      oauth.tokens.set(`Bearer ${access_token}`, consent.id);
      return {
        status: 200,
        body: {
          access_token,
          token_type: "Bearer",
          expires_in: 300,
          refresh_token: `refresh-${consent.id}`,
        },
      };
    }
    return { status: 404, body: {} };
  };

  const selected = (consent: Consent, method: typeof sms) => {
    const { authorisation } = consent;
    if (authorisation)
      Object.assign(authorisation, {
        scaStatus: method === push ? "started" : "scaMethodSelected",
        method: method.authenticationMethodId,
      });
    const links = {
      ...sub(consent, "scaStatus"),
      ...(method === push ? {} : sub(consent, "authoriseTransaction")),
      ...(consent.psu === "queries" ? sub(consent, "selectAuthenticationMethod") : {}),
    };
    const said =
      consent.psu === "plain"
        ? {}
        : { chosenScaMethod: method, challengeData: challenges[method.authenticationMethodId] };
    return {
      scaStatus: authorisation?.scaStatus,
      authorisationId: authorisation?.id,
      ...said,
      psuMessage: "Please confirm.",
      _links: links,
    };
  };

  const afterPassword = (consent: Consent) => {
    const { authorisation, psu } = consent;
    if (!authorisation) return error(404, "RESOURCE_UNKNOWN");
    if (psu === "exempt" || psu === "other") {
      Object.assign(authorisation, { scaStatus: "exempted" });
      consent.status = "valid";
      return {
        status: 200,
        body: {
          scaStatus: "exempted",
          authorisationId: authorisation.id,
          _links: sub(consent, "scaStatus"),
        },
      };
    }
    if (psu === "decoupled" || psu === "approves")
      return { status: 200, body: selected(consent, push) };
    if (!["choose", "queries", "plain"].includes(psu))
      return { status: 200, body: selected(consent, sms) };
    authorisation.scaStatus = "psuAuthenticated";
    return {
      status: 200,
      body: {
        scaStatus: "psuAuthenticated",
        authorisationId: authorisation.id,
        scaMethods: psu === "plain" ? offered : [sms, photo, chip, push],
        _links: { ...sub(consent, "selectAuthenticationMethod"), ...sub(consent, "scaStatus") },
      },
    };
  };

  const updated = (consent: Consent, body: Record<string, unknown>) => {
    const { authorisation } = consent;
    if (!authorisation) return error(404, "RESOURCE_UNKNOWN");
    if (authorisation.scaStatus === "finalised" || authorisation.scaStatus === "failed")
      return error(409, "STATUS_INVALID");
    if ("psuData" in body)
      return (body.psuData as { password?: string }).password === rightPassword
        ? afterPassword(consent)
        : error(401, "PSU_CREDENTIALS_INVALID");
    if ("authenticationMethodId" in body) {
      const method = [sms, photo, chip, push, ...(offered as (typeof sms)[])].find(
        ({ authenticationMethodId }) => authenticationMethodId === body.authenticationMethodId,
      );
      return method
        ? { status: 200, body: selected(consent, method) }
        : error(400, "SCA_METHOD_UNKNOWN");
    }
    if ("confirmationCode" in body && body.confirmationCode !== "confirm-me")
      return error(400, "SCA_INVALID");
    if ("scaAuthenticationData" in body && body.scaAuthenticationData !== rightCode) {
      authorisation.wrong += 1;
      if (authorisation.wrong < 3) return error(400, "SCA_INVALID");
      authorisation.scaStatus = "failed";
      return { status: 200, body: { scaStatus: "failed" } };
    }
    authorisation.scaStatus = "finalised";
    consent.status = "valid";
    return { status: 200, body: { scaStatus: "finalised", _links: sub(consent, "scaStatus") } };
  };

  const answer = (
    request: Heard,
  ): { status: number; body?: unknown; headers?: Record<string, string> } | undefined => {
    const { method, headers } = request;
    const [, , what, id = "", part, authorisationId = ""] = request.path
      .split("/")
      .map(decodeURIComponent);
    const body = (request.body ?? {}) as Record<string, unknown>;
    if (!/^[0-9a-f-]{36}$/.test(String(headers["x-request-id"]))) return error(400, "FORMAT_ERROR");
    if (what === "accounts") {
      const consent = consents.get(String(headers["consent-id"]));
      if (consent?.psu === "oauth" && oauth.tokens.get(headers.authorization ?? "") !== consent.id)
        return error(401, "TOKEN_INVALID");
      return consent?.status === "valid"
        ? {
            status: 200,
            body: {
              accounts:
                consent.psu === "other"
                  ? [{ resourceId: "somebody-else", iban: "DE00", currency: "EUR" }]
                  : accounts,
            },
          }
        : error(401, "CONSENT_INVALID");
    }
    if (what !== "consents") return error(404, "RESOURCE_UNKNOWN");
    if (id === "" && method === "POST") {
      const psu = String(headers["psu-id"] ?? "");
      if (psu === "slow") return undefined;
      if (psu === "blocked") return error(403, "SERVICE_BLOCKED");
      if (!headers["psu-ip-address"] || !headers["tpp-redirect-uri"])
        return error(400, "FORMAT_ERROR");
      const consent: Consent = {
        id: `consent=${randomUUID()}`,
        psu,
        access: body.access,
        status: "received",
      };
      consents.set(consent.id, (last = consent));
      if (psu === "redirect" || psu === "implicit" || psu === "oauth")
        consent.authorisation = { id: randomUUID(), scaStatus: "received", wrong: 0 };
      const page = {
        href: `${url}/page?consent=${encodeURIComponent(consent.id)}&back=${encodeURIComponent(String(headers["tpp-redirect-uri"]))}`,
      };
      const start = "startAuthorisationWithPsuAuthentication";
      const links =
        psu === "redirect"
          ? { scaRedirect: page, ...sub(consent, "scaStatus") }
          : psu === "implicit"
            ? { scaRedirect: page }
            : psu === "oauth"
              ? { scaOAuth: { href: `${url}/.well-known/oauth-authorization-server` } }
              : { [start]: href(consent, "/authorisations", start) };
      return {
        status: 201,
        headers: { "content-language": "de" },
        body: {
          consentStatus: "received",
          consentId: consent.id,
          _links: {
            ...links,
            self: href(consent, "", "self"),
            status: href(consent, "/status", "status"),
          },
        },
      };
    }
    const consent = consents.get(id);
    if (!consent) return error(403, "CONSENT_UNKNOWN");
    if (consent.psu === "queries") {
      const update =
        "authenticationMethodId" in body ? "selectAuthenticationMethod" : "authoriseTransaction";
      const followed =
        part === undefined
          ? "self"
          : part === "status"
            ? "status"
            : method === "GET"
              ? "scaStatus"
              : method === "POST"
                ? "startAuthorisationWithPsuAuthentication"
                : update;
      if (request.query !== `?carried=${followed}&at=a%26b`) return error(400, "FORMAT_ERROR");
    }
    if (part === undefined && method === "DELETE")
      return consents.delete(consent.id) ? { status: 204 } : undefined;
    if (part === "status") return { status: 200, body: { consentStatus: consent.status } };
    if (part === "authorisations" && method === "POST") {
      consent.authorisation = { id: randomUUID(), scaStatus: "received", wrong: 0 };
      const reply = updated(consent, body);
      return reply.status === 200 ? { ...reply, status: 201 } : reply;
    }
    if (part !== "authorisations" || authorisationId !== consent.authorisation?.id)
      return error(404, "RESOURCE_UNKNOWN");
    if (method === "GET") {
      const { scaStatus } = consent.authorisation;
      if (consent.psu === "approves") decide("finalised", consent.id);
      return { status: 200, body: { scaStatus } };
    }
    return updated(consent, body);
  };

  const server = createServer((request, response) => void handle(request, response));
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { pathname, search } = new URL(request.url ?? "", url);
    const isJson = request.headers["content-type"]?.startsWith("application/json");
    const asked: Heard = {
      method: request.method ?? "",
      path: pathname,
      query: search,
      headers: request.headers,
      body: text === "" ? undefined : isJson ? JSON.parse(text) : text,
    };
    // The page a person is sent to: it finishes at once and sends back.
    if (asked.path === "/page") {
      const query = new URL(request.url ?? "", url).searchParams;
      decide("finalised", query.get("consent") ?? undefined);
      return void response
        .writeHead(200, { "content-type": "text/html" })
        .end(
          `<!doctype html><html lang="en"><title>Bank</title><h1>Your bank</h1><a ` +
            `href="${(query.get("back") ?? "").replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">Back</a>`,
        );
    }
    heard.push(asked);
    const index = spoilt.findIndex(
      ({ at }) => at === undefined || `${asked.method} ${asked.path}`.includes(at),
    );
    const [bad] = index === -1 ? [] : spoilt.splice(index, 1);
    if (bad?.instead === "gone") return void request.socket.destroy();
    const itself = () =>
      /^\/(oauth|\.well-known)\//.test(asked.path) ? oauthAnswer(asked) : answer(asked);
    const reply:
      | {
          status: number;
          body?: unknown;
          raw?: string | undefined;
          headers?: Record<string, string> | undefined;
        }
      | undefined = bad
      ? bad.instead === "never"
        ? undefined
        : { status: bad.status ?? 200, body: bad.body, raw: bad.raw, headers: bad.headers }
      : itself();
    if (!reply) return void waiting.add(response);
    response.writeHead(reply.status, {
      "content-type": "application/json",
      "x-request-id": String(asked.headers["x-request-id"]),
      ...reply.headers,
    });
    response.end(reply.raw ?? (reply.body === undefined ? "" : JSON.stringify(reply.body)));
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** What the person does elsewhere: in the app, or on the page. */
  function decide(scaStatus: string, consentId?: string) {
    const consent = consentId === undefined ? last : consents.get(consentId);
    if (consent?.authorisation) consent.authorisation.scaStatus = scaStatus;
    if (consent)
      consent.status =
        scaStatus === "finalised" ? "valid" : scaStatus === "failed" ? "rejected" : consent.status;
  }

  return {
    url: `${url}/v1`,
    origin: url,
    heard,
    decide,
    oauth,
    /** Spoils the next request that matches. */
    spoil: (answer: Spoilt) => void spoilt.push(answer),
    stop: () =>
      new Promise<void>((resolve) => {
        for (const response of waiting) response.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
