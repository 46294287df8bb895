import type {
  AuthorisationOptions,
  FaultQueues,
  NotificationOptions,
  ProviderRules,
  TokenOverrides,
  RandomFaultsReport,
} from "./control-api.ts";
import { describeAuthorisation } from "./describe-authorisation.ts";
import { findAuthorisation } from "./find-authorisation.ts";
import { openAuthorisation } from "./open-authorisation.ts";
import { readOptions } from "./read-options.ts";
import { reply } from "./reply.ts";
import { RequestError } from "./request-error.ts";
import type { Handler, Route } from "./route.ts";
import { sendNotification } from "./send-notification.ts";

const MOST_TIMES = 1_000;

const createAuthorisation: Handler = async (service, { request, response }) => {
  const options = await readOptions<AuthorisationOptions>(request, [
    "notify",
    "bankId",
    "externalId",
    "redirectUri",
    "state",
    "embedMode",
  ]);
  reply.json(
    response,
    201,
    describeAuthorisation(service.settings, await openAuthorisation(service, options)),
  );
};

const reportAuthorisation: Handler = (service, { response }, [authorisationId]) => {
  reply.json(
    response,
    200,
    describeAuthorisation(service.settings, findAuthorisation(service, authorisationId)),
  );
};

const notify: Handler = async (service, { request, response }) => {
  const { times = 1, ...options } = await readOptions<NotificationOptions>(request, [
    "kind",
    "authorisationId",
    "bankId",
    "externalId",
    "body",
    "rawBody",
    "path",
    "method",
    "contentType",
    "headerName",
    "headerValue",
    "token",
    "bareToken",
    "headers",
    "times",
  ]);
  if (!(times >= 1 && times <= MOST_TIMES))
    throw new RequestError(400, `times goes from 1 to ${MOST_TIMES}.`);
  const answers = await Promise.all(
    Array.from({ length: times }, () => sendNotification(service, options)),
  );
  reply.json(response, 200, { ...answers[0], answers });
};

const makeToken: Handler = async ({ sageId }, { request, response }) => {
  const overrides = await readOptions<TokenOverrides>(request, [
    "audience",
    "issuer",
    "authorizedParty",
    "expiresInSeconds",
    "notBeforeSeconds",
    "kid",
    "alg",
    "strangerKey",
    "claims",
  ]);
  reply.json(response, 201, { token: await sageId.notificationToken(overrides) });
};

const rotateKeys: Handler = async ({ sageId }, { request, response }) => {
  const { keepPrevious = false } = await readOptions<{ keepPrevious?: boolean }>(request, [
    "keepPrevious",
  ]);
  await sageId.rotateKeys(keepPrevious);
  reply.empty(response);
};

const setFaults: Handler = async ({ faults }, { request, response }) => {
  faults.set(await readOptions<FaultQueues>(request, ["patch", "token", "jwks"]));
  reply.json(response, 200, faults.left());
};

const setRandomFaults: Handler = async ({ randomFaults }, { request, response }) => {
  randomFaults.set(
    await readOptions<RandomFaultsReport>(request, ["patch", "token", "jwks", "seed"]),
  );
  reply.json(response, 200, randomFaults.met);
};

const setRules: Handler = async ({ rules }, { request, response }) => {
  reply.json(
    response,
    200,
    Object.assign(rules, await readOptions<ProviderRules>(request, ["repeats"])),
  );
};

const readCalls: Handler = ({ providerCalls }, { response, url }) => {
  const after = Number(url.searchParams.get("after") ?? 0) || 0;
  reply.json(response, 200, { calls: providerCalls.filter(({ n }) => n > after) });
};

const readWire: Handler = ({ wire }, { response, url }) => {
  const after = Number(url.searchParams.get("after") ?? 0) || 0;
  reply.json(response, 200, {
    entries: wire.after(after, url.searchParams.get("authorisationId")),
  });
};

/** The control API: how tests, benchmarks and the product page's script steer the simulator. */
export const controlRoutes: readonly Route[] = [
  ["POST", /^\/control\/authorisations$/, createAuthorisation],
  ["GET", /^\/control\/authorisations\/([^/]+)$/, reportAuthorisation],
  ["POST", /^\/control\/notifications$/, notify],
  ["POST", /^\/control\/tokens$/, makeToken],
  ["POST", /^\/control\/rotate-keys$/, rotateKeys],
  [
    "POST",
    /^\/control\/revoke-tokens$/,
    ({ sageId }, { response }) => {
      sageId.accessTokens.revokeAll();
      reply.empty(response);
    },
  ],
  ["PUT", /^\/control\/faults$/, setFaults],
  [
    "GET",
    /^\/control\/faults$/,
    ({ faults }, { response }) => reply.json(response, 200, faults.left()),
  ],
  [
    "DELETE",
    /^\/control\/faults$/,
    ({ faults }, { response }) => {
      faults.clear();
      reply.empty(response);
    },
  ],
  ["PUT", /^\/control\/random-faults$/, setRandomFaults],
  [
    "GET",
    /^\/control\/random-faults$/,
    ({ randomFaults }, { response }) => reply.json(response, 200, randomFaults.met),
  ],
  [
    "DELETE",
    /^\/control\/random-faults$/,
    ({ randomFaults }, { response }) => {
      randomFaults.clear();
      reply.empty(response);
    },
  ],
  ["PUT", /^\/control\/rules$/, setRules],
  ["GET", /^\/control\/provider-calls$/, readCalls],
  ["GET", /^\/control\/counts$/, ({ counts }, { response }) => reply.json(response, 200, counts)],
  ["GET", /^\/control\/wire$/, readWire],
  [
    "DELETE",
    /^\/control\/wire$/,
    ({ wire }, { response }) => {
      wire.clear();
      reply.empty(response);
    },
  ],
];
