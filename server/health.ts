// `node server/health.ts [/health/live | /health/ready]`: exits 0 when the connector of this
// machine answers 200, or says what is wrong. For container health checks.
const [HOST = "", PORT = ""] = ["HOST", "PORT"].map((name) => process.env[name]?.trim());
const host = ["", "0.0.0.0", "::"].includes(HOST)
  ? "127.0.0.1"
  : HOST.includes(":")
    ? `[${HOST}]`
    : HOST;
const answer = await fetch(
  `http://${host}:${PORT || 3000}${process.argv[2] ?? "/health/ready"}`,
).catch(() => undefined);
if (answer?.status !== 200) {
  const { status = "no-answer" } = ((await answer?.json().catch(() => undefined)) ?? {}) as {
    status?: string;
  };
  process.stderr.write(`${status}\n`);
  process.exitCode = 1;
}
