// The least a server can do that records a notification: `node:http` and `pg`, with the connector's
// own statement and none of its checks.
import http from "node:http";
import { json } from "node:stream/consumers";
import pg from "pg";
import { createNotificationStore } from "../../lib/notifications/notification-store.ts";
import { clientConfig, databaseTarget } from "../../lib/config/database-url.ts";

const pool = new pg.Pool({
  ...clientConfig(databaseTarget(String(process.env["DATABASE_URL"]))),
  max: 10,
});
/** @type {Pick<import('../../lib/db/db.ts').Db, 'rows'>} */
const db = { rows: async (_, { text, values }) => (await pool.query(text, values)).rows };
const notifications = createNotificationStore(/** @type {import('../../lib/db/db.ts').Db} */ (db), {
  lifetimeSeconds: 1140,
});
const body = JSON.stringify({ received: true });

/** @type {(request: http.IncomingMessage, response: http.ServerResponse) => Promise<unknown>} */
const handle = async (request, response) => {
  if (request.method !== "POST") return response.end();
  const { type, resource, additionalData } = /** @type {any} */ (await json(request));
  await notifications.record({
    type,
    resource,
    bankId: additionalData.bankId,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: resource.id,
  });
  response
    .writeHead(200, { "content-type": "application/json", "content-length": body.length })
    .end(body);
};
http
  .createServer((request, response) => void handle(request, response))
  .listen(Number(process.env["PORT"]), "127.0.0.1");
