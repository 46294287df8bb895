// Where a registry does not carry the packages of every platform, npm leaves those it cannot find
// out of package-lock.json, and `npm ci` of npm 11 then refuses the file on every machine, because
// package.json and the lock disagree. The entries are derived from what the packages themselves ask
// for.

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[],
 *   optionalDependencies?: Record<string, string> }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lockfile
 */

/**
 * The entries that are missing: platform packages that some package names as optional, each in the
 * exact version it asks for. They have no checksum until somebody runs `npm install` where they can
 * be had.
 * @param {Lockfile} lock
 * @returns {Record<string, Entry>}
 */
export function missingOptionalEntries({ packages }) {
  /** @type {Record<string, Entry>} */
  const missing = {};
  for (const [place, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isLocked(packages, place, name)) continue;
      const [, os, cpu] =
        /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)/.exec(name) ?? [];
      if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version))
        throw new Error(
          `package-lock.json lacks ${name}@${version}, wanted by ${place || "package.json"}: ` +
            `run npm install.`,
        );
      missing[`node_modules/${name}`] = {
        version,
        cpu: [cpu],
        ...(dev ? { dev } : {}),
        optional: true,
        os: [os],
      };
    }
  }
  return missing;
}

// As Node resolves: in the package's own node_modules, then in each one above.
/**
 * @param {Record<string, Entry>} packages
 * @param {string} place
 * @param {string} name
 * @returns {boolean}
 */
function isLocked(packages, place, name) {
  if (packages[`${place ? `${place}/` : ""}node_modules/${name}`]) return true;
  if (place === "") return false;
  const above = place.lastIndexOf("node_modules/");
  return isLocked(packages, above > 0 ? place.slice(0, above - 1) : "", name);
}
