// What has to be done before a script can run, judged from the lockfiles alone. Pure, so that it is
// tested without an installation.

/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, devOptional?: boolean, peer?:
 *   boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Whether `npm ci` has to run: some package of package-lock.json is missing from what npm recorded
 * as installed, or is there in another version. Times of files are not asked, because a checkout or
 * a container layer changes them without changing anything.
 * @param {Lockfile} lock package-lock.json
 * @param {Lockfile | undefined} installed node_modules/.package-lock.json; undefined when there is
 *   none, which is so after an interrupted installation too
 * @param {{ production: boolean }} options `production` is content without the development
 *   packages, as an image has them
 */
export function installationIsStale(lock, installed, { production }) {
  if (!installed?.packages) return true;
  const found = installed.packages;
  return Object.entries(lock.packages ?? {}).some(
    ([place, { version, optional, devOptional, dev }]) => {
      if (place === "") return false;
      const there = found[place];
      if (there) return there.version !== version;
      // Optional packages are mostly those of other platforms.
      return !optional && !devOptional && !(production && dev);
    },
  );
}

/**
 * The Node version this project pins, which npm installs as an ordinary package of the platform.
 * @param {Lockfile} lock
 * @param {string} platform as `process.platform`
 * @param {string} arch as `process.arch`
 * @returns {string | undefined} like `v24.1.0`; undefined where no such package exists
 */
export function pinnedNodeVersion(lock, platform, arch) {
  const version = lock.packages?.[`node_modules/node-${platform}-${arch}`]?.version;
  return version && `v${version}`;
}

/**
 * Which Node has to run the script.
 * @param {{ running: string, pinned: string | undefined, pinnedIsInstalled: boolean }} state
 * @returns {'this' | 'pinned' | 'none'} `none`: the running one is too old and no other is there
 */
export function nodeToUse({ running, pinned, pinnedIsInstalled }) {
  if (running === pinned) return "this";
  if (pinned && pinnedIsInstalled) return "pinned";
  // Node 24 is the first long-term version that runs our TypeScript as it is.
  return Number(/^v(\d+)\./.exec(running)?.[1]) >= 24 ? "this" : "none";
}
