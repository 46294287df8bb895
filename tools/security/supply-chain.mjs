// What every package we take has to be, judged from package.json and package-lock.json alone. Pure.

/**
 * The oldest versions we run, each with what was wrong before it.
 * @type {Readonly<Record<string, { least: string, because: string }>>}
 */
const floors = {
  next: {
    least: "16.0.10",
    because:
      "CVE-2025-55182 (code execution through React Server Components, 16.0.7), " +
      "CVE-2025-55183 and CVE-2025-55184 (16.0.10), CVE-2025-29927 (15.2.3)",
  },
  react: {
    least: "19.2.3",
    because: "CVE-2025-55182 (19.2.1), CVE-2025-55183 and CVE-2025-55184 (19.2.3)",
  },
  "react-dom": { least: "19.2.3", because: "the same" },
  jose: { least: "6.0.0", because: "older majors get no fixes" },
};

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, inBundle?:
 *   boolean, hasInstallScript?: boolean, dev?: boolean, optional?: boolean, os?: string[] }} Locked
 */
/**
 * @typedef {Partial<Record<'dependencies' | 'devDependencies' | 'optionalDependencies',
 *   Record<string, string>>> & { allowScripts?: Record<string, boolean> }} Manifest
 */
/**
 * @typedef {{ lockfileVersion?: number, packages?: Record<string, Locked & Manifest> }} Lockfile
 */

/**
 * @param {Manifest} manifest package.json
 * @param {Lockfile} lockfile package-lock.json
 * @returns {string[]} what is wrong; nothing when all is well
 */
export function supplyChainProblems(manifest, lockfile) {
  const packages = Object.entries(lockfile.packages ?? {}).filter(([place]) => place !== "");
  const root = lockfile.packages?.[""] ?? {};
  const problems = [];
  for (const kind of /** @type {const} */ ([
    "dependencies",
    "devDependencies",
    "optionalDependencies",
  ])) {
    for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
      if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version))
        problems.push(`${name}: ${version} is no exact version`);
      if (root[kind]?.[name] !== version)
        problems.push(
          `${name}: package.json says ${version}, package-lock.json ` +
            (root[kind]?.[name] ?? "nothing"),
        );
      const locked = lockfile.packages?.[`node_modules/${name}`];
      if (kind !== "optionalDependencies" && locked?.version !== version)
        problems.push(
          `${name}: ${version} is asked for and ${locked?.version ?? "nothing"} locked`,
        );
    }
  }
  for (const [
    place,
    { version, integrity, resolved, link, inBundle, hasInstallScript },
  ] of packages) {
    const name = place.replace(/^.*node_modules\//, "");
    if (link) problems.push(`${name}: leads to a folder and not to a package`);
    // A package inside another one's archive is covered by that one's hash; one of another platform
    // may be missing from the registry the lockfile was made with (unhashed).
    else if (
      !inBundle &&
      !ofOtherPlatform(place, lockfile) &&
      !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")
    )
      problems.push(`${name}: has no SHA-512 in package-lock.json`);
    if (resolved !== undefined) problems.push(`${name}: names where it is fetched from`);
    if (hasInstallScript && manifest.allowScripts?.[name] === undefined)
      problems.push(
        `${name}: has an install script, and nobody said whether it may run (allowScripts ` +
          `in package.json)`,
      );
    const floor = floors[name];
    if (floor && isOlder(version ?? "0.0.0", floor.least))
      problems.push(`${name}: ${version} is older than ${floor.least}: ${floor.because}`);
  }
  for (const [name, allowed] of Object.entries(manifest.allowScripts ?? {})) {
    if (
      allowed &&
      !packages.some(
        ([place, { hasInstallScript }]) =>
          place.endsWith(`node_modules/${name}`) && hasInstallScript,
      )
    )
      problems.push(`${name}: may run an install script and has none`);
  }
  if (packages.length === 0 || lockfile.lockfileVersion !== 3)
    problems.push("package-lock.json: not of version 3, or empty");
  return problems;
}

/** @param {string} place @param {Lockfile} lockfile */
const ofOtherPlatform = (place, lockfile) => {
  const { integrity, optional, os } = lockfile.packages?.[place] ?? {};
  return integrity === undefined && optional === true && os !== undefined;
};

/**
 * Packages of other platforms that are locked by version only (tools/support/lockfile.mjs):
 * whoever installs there trusts their registry for them.
 * @param {Lockfile} lockfile
 * @returns {string[]}
 */
export const unhashed = (lockfile) =>
  Object.keys(lockfile.packages ?? {})
    .filter((place) => ofOtherPlatform(place, lockfile))
    .map((place) => place.replace(/^.*node_modules\//, ""));

/** @param {string} version @param {string} least */
function isOlder(version, least) {
  const [one, other] = [version, least].map((each) =>
    (each.split("-")[0] ?? "").split(".").map(Number),
  );
  const at = [0, 1, 2].find((index) => one?.[index] !== other?.[index]);
  // A version before the release of the least one is older, too.
  return at === undefined
    ? version.includes("-") && !least.includes("-")
    : (one?.[at] ?? 0) < (other?.[at] ?? 0);
}

/**
 * What `npm audit --json` says: what it found, or that the registry answers no audit, as mirrors
 * often do.
 * @param {{ status: number | null, stdout: string }} audit
 * @returns {{ advisories: string[] } | { refused: string }}
 */
export function readAudit({ status, stdout }) {
  /**
   * @type {{ auditReportVersion?: number, vulnerabilities?: Record<string, { severity?: string,
   *   range?: string }>, message?: string } | undefined}
   */
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    // What is no report is a refusal.
  }
  if (!report?.auditReportVersion)
    return {
      refused:
        /\b[1-5]\d\d [A-Z][A-Za-z ]+/.exec(report?.message ?? "")?.[0].trim() ??
        `npm audit ended with status ${status}`,
    };
  return {
    advisories: Object.entries(report.vulnerabilities ?? {}).map(
      ([name, { severity, range }]) =>
        `${name}: ${severity ?? "unrated"}, versions ${range ?? "unknown"}`,
    ),
  };
}

/**
 * @typedef {{ id: string, withdrawn?: string, affected?: { package?: { ecosystem?: string, name?:
 *   string }, versions?: string[], ranges?: { type?: string, events?: { introduced?: string,
 *   fixed?: string, last_affected?: string }[] }[] }[] }} Osv a record of the Open Source
 *   Vulnerability format (https://ossf.github.io/osv-schema/)
 */

/**
 * The locked packages that a list of advisories names.
 * @param {Lockfile} lockfile
 * @param {readonly Osv[]} list
 * @returns {string[]}
 */
export function advisoriesOn(lockfile, list) {
  const locked = Object.entries(lockfile.packages ?? {}).flatMap(([place, { version }]) =>
    place === "" || !version ? [] : [{ name: place.replace(/^.*node_modules\//, ""), version }],
  );
  return list.flatMap(({ id, withdrawn, affected = [] }) =>
    withdrawn
      ? []
      : locked
          .filter(({ name, version }) =>
            affected.some(
              (each) =>
                each.package?.ecosystem === "npm" &&
                each.package.name === name &&
                isAffected(version, each),
            ),
          )
          .map(({ name, version }) => `${name}: ${version} is affected by ${id}`),
  );
}

/** @param {string} version @param {NonNullable<Osv['affected']>[number]} affected */
const isAffected = (version, { versions = [], ranges = [] }) =>
  versions.includes(version) ||
  ranges.some(({ type, events = [] }) => {
    if (type !== "SEMVER") return false;
    // In their order: each one switches (OSV §affected[].ranges[].events).
    let is = false;
    for (const { introduced, fixed, last_affected: last } of events) {
      if (introduced !== undefined && !isOlder(version, introduced === "0" ? "0.0.0" : introduced))
        is = true;
      if (fixed !== undefined && !isOlder(version, fixed)) is = false;
      if (last !== undefined && isOlder(last, version)) is = false;
    }
    return is;
  });
