// `node scripts/health.mjs [/health/live | /health/ready]`: exits 0 when the connector of this machine answers 200. For container health checks.
const { HOST = '', PORT } = process.env
const host = ['', '0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
const answer = await fetch(`http://${host}:${PORT || 3000}${process.argv[2] ?? '/health/ready'}`).catch(() => undefined)
process.exitCode = answer?.status === 200 ? 0 : 1
