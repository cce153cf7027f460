import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
}

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};
const packages = Object.entries(lockfile.packages).filter(([path]) => path !== '');

test('every package is a version of the registry’s, held by a hash of its content', () => {
  expect(packages.length).toBeGreaterThan(100);
  for (const [path, { version, resolved, integrity }] of packages) {
    expect(path).toMatch(/^node_modules\//);
    expect(version, path).toMatch(/^\d+\.\d+\.\d+/);
    // An address here would be another place than the registry's: git, a folder, somebody's server.
    expect(resolved, path).toBeUndefined();
    expect(integrity, path).toMatch(/^sha512-[\w+/]{86}==$/);
  }
});
