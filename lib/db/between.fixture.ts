import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { databaseTarget } from "../config/database-url.ts";

/** What stands between the connector and the database, on a port of its own. */
export interface Between {
  port: number;
  /** The address of the database by way of it. */
  url: (search?: string) => string;
  /** What each connection said at its start (PostgreSQL protocol 3.0, StartupMessage). */
  said: Record<string, string>[];
  close: () => void;
}

const backendKeyData = "K".charCodeAt(0);

/**
 * Starts it. `pooler`: it tells a process id of its own, and refuses what PgBouncer refuses at the
 * start of a connection. `standby`: nothing can be written through it.
 * @param url of the database, at one host
 */
export async function startBetween(
  url: string,
  { pooler = false, standby = false } = {},
): Promise<Between> {
  const target = databaseTarget(url);
  const said: Record<string, string>[] = [];
  const server = createServer((client) => {
    const database = connect({ host: target.hosts[0].host, port: target.hosts[0].port });
    client.once("data", (first: Buffer) => {
      const words = first
        .subarray(8, first.readInt32BE(0) - 1)
        .toString()
        .split("\0");
      const start = Object.fromEntries(
        Array.from({ length: words.length >> 1 }, (_, index) => [
          words[2 * index] ?? "",
          words[2 * index + 1] ?? "",
        ]),
      );
      said.push(start);
      const known = ["user", "database", "client_encoding", "application_name", "options"];
      const strange = Object.keys(start).find((name) => !known.includes(name));
      if (pooler && strange)
        return void client.end(
          message("E", `SFATAL\0C08P01\0Munsupported startup parameter: ${strange}\0\0`),
        );
      database.write(
        standby
          ? startup({
              ...start,
              options: `${start["options"] ?? ""} -c default_transaction_read_only=on`,
            })
          : first,
      );
      client.pipe(database);
    });
    if (pooler) passOn(database, client);
    else database.pipe(client);
    client.on("error", () => database.destroy());
    database.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (search = "") =>
      `postgresql://${encodeURIComponent(target.user ?? "")}:${encodeURIComponent(target.password ?? "")}@127.0.0.1:${port}/${target.database}${search}`,
    said,
    close: () => void server.close(),
  };
}

/** As it comes, but for the process id of the server's BackendKeyData. */
function passOn(from: Socket, to: Socket): void {
  let waiting = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 5 && waiting.length > waiting.readInt32BE(1)) {
      const length = waiting.readInt32BE(1) + 1;
      const whole = Buffer.from(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
      if (whole[0] === backendKeyData) whole.writeInt32BE(-7, 5);
      to.write(whole);
    }
  };
  from.on("data", look);
  from.on("end", () => to.end());
}

function message(type: string, content: string): Buffer {
  const body = Buffer.from(content);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function startup(words: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(`${Object.entries(words).flat().join("\0")}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}
