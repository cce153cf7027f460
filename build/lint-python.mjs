// Holds the Python of golden/, training/ and bench/ to ruff.toml, by Ruff's build for Node: `node build/lint-python.mjs` lints and
// checks the format; with `--write` it formats.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { parse } from 'smol-toml';

// What git knows or would add, so that no virtual environment is read.
const listed = [
  'ls-files',
  '--cached',
  '--others',
  '--exclude-standard',
  ...['golden/*.py', 'training/*.py', 'bench/*.py'],
];
const paths = execFileSync('git', listed, { encoding: 'utf8' }).trim().split('\n');
const { lint, ...options } = parse(readFileSync('ruff.toml', 'utf8'));
// This build sees no folders, so it is told which modules are our own; `ruff` itself finds them by `src`.
const isort = { 'known-first-party': paths.map((path) => basename(path, '.py')) };
const ruff = new Workspace(
  { ...options, lint: { .../** @type {object} */ (lint), isort } },
  PositionEncoding.Utf16,
);

/**
 * @param {string} path
 * @returns {string[]} what is wrong with the file, a line each
 */
function check(path) {
  const text = readFileSync(path, 'utf8');
  /** @type {import('@astral-sh/ruff-wasm-nodejs').Diagnostic[]} */
  const found = ruff.check(text);
  const faults = found.map(
    ({ code, message, start_location: { row, column } }) => `${path}:${row}:${column} ${code} ${message}`,
  );
  if (found.some(({ code }) => code === 'invalid-syntax')) return faults;
  const formatted = ruff.format(text);
  if (formatted === text) return faults;
  if (!process.argv.includes('--write')) return [...faults, `${path} is not formatted: npm run format`];
  writeFileSync(path, formatted);
  return faults;
}

const faults = paths.flatMap(check);
for (const fault of faults) console.error(fault);
console.log(`Ruff ${Workspace.version()}: ${paths.length} files, ${faults.length} faults.`);
process.exit(faults.length > 0 ? 1 : 0);
