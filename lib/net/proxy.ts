/** What says which calls go through a proxy; the lower-case names win, as for Node. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

type ProxyName = "HTTPS_PROXY" | "HTTP_PROXY" | "NO_PROXY";
const names: readonly ProxyName[] = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"];

/**
 * An empty variable counts as not set. Node sees it so; undici, which a call with a certificate of
 * its own asks, takes it as no proxy or no exception.
 */
export function dropEmptyProxyVariables(env: Record<string, string | undefined>): void {
  for (const name of names.flatMap((upper) => [upper, upper.toLowerCase()]))
    if (env[name] === "") Reflect.deleteProperty(env, name);
}

/**
 * Whether a call goes through a proxy, which then resolves the host's name: as Node's `fetch`
 * decides it from the environment (undici, EnvHttpProxyAgent). A host that any entry of `NO_PROXY`
 * may mean is not proxied.
 */
export function goesThroughProxy(
  { protocol, hostname, port }: URL,
  variables: ProxyVariables,
): boolean {
  const named = (upper: ProxyName) => variables[upper.toLowerCase()] || variables[upper] || "";
  const proxy =
    protocol === "https:" ? named("HTTPS_PROXY") || named("HTTP_PROXY") : named("HTTP_PROXY");
  if (proxy === "") return false;
  const effectivePort = port || (protocol === "https:" ? "443" : "80");
  const entries = named("NO_PROXY")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return !entries.some((entry) => {
    const [, host = entry, onlyPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (onlyPort !== undefined && onlyPort !== effectivePort) return false;
    const suffix = host.replace(/^\*?\.?/, "");
    return suffix === "" || hostname === suffix || hostname.endsWith(`.${suffix}`);
  });
}
