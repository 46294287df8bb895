// Serves empty-next/ as server/start.ts serves the connector: Next inside our own server.
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { createConnectorServer } from "../../server/http-server.ts";

const dir = String(process.env["EMPTY_NEXT_DIR"]);
Object.assign(process.env, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
/** @type {typeof import('next').default} */
const next = createRequire(path.join(dir, "package.json"))("next");
const app = next({
  dev: false,
  dir,
  ...(process.env["EMPTY_NEXT_COMPRESS"] ? { conf: { compress: true } } : {}),
  httpServer: http.createServer(),
});
await app.prepare();
const handle = app.getRequestHandler();
// An ordinary page needs its scripts, which our own server does not let through.
const server = process.env["EMPTY_NEXT_COMPRESS"]
  ? http.createServer((request, response) => void handle(request, response))
  : createConnectorServer(handle).server;
server.listen(Number(process.env["PORT"]), "127.0.0.1");
