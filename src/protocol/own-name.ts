/**
 * What a deployment calls something that everything on its origin shares: databases, folders, keys, caches, locks and
 * channels. Two deployments (owner.github.io/a/ and /b/) never have the same name for anything.
 * @param path of the folder of index.html, from its first slash to its last
 * @param what holds no slash
 */
export const ownNameAt = (path: string, what: string) => `safelight${path}${what}`;
