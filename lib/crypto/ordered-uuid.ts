import { randomBytes } from "node:crypto";

/**
 * A UUID that begins with the time (version 7, RFC 9562 §5.7), for keys of our own: new rows then
 * stand beside each other in an index. A random key is on a page of its own in a large one, which
 * PostgreSQL reads, and writes out whole once after each checkpoint. It is no secret.
 */
export function orderedUuid(now: Date): string {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
