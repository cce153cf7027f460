import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { parseNotices } from '../src/ui/about/notices.ts';
import { bundledPackages, thirdPartyNotices, WORKS } from './third-party-notices.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'notices-'));
afterAll(() => rmSync(ROOT, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
};

/** A package in the project's node_modules; `licence` is the text of its LICENSE, if it has one. */
function addPackage(name: string, code: string, licence?: string): string {
  const folder = `node_modules/${name}`;
  write(
    `${folder}/package.json`,
    JSON.stringify({ name, version: '1.2.3', type: 'module', main: 'index.js', license: 'MIT' }),
  );
  write(`${folder}/index.js`, code);
  if (licence) write(`${folder}/LICENSE`, licence);
  return join(ROOT, folder);
}

test('packages of the page, of its worker and of its files are found, and no others', async () => {
  addPackage('in-page', 'export const a = () => document.title', 'Licence of the page’s');
  addPackage('@scope/in-worker', 'postMessage(2)', 'Licence of the worker’s');
  addPackage('only-a-file', '', 'Licence of the file’s');
  addPackage('unused', 'export const b = 3', 'Licence of nobody’s');
  write('node_modules/only-a-file/data.bin', 'bytes');
  write('index.html', '<script type="module" src="/main.js"></script>');
  write(
    'main.js',
    `import { a } from 'in-page';
    import url from 'only-a-file/data.bin?url';
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    import('./later.js');
    console.log(a(), url);`,
  );
  write('worker.js', `import '@scope/in-worker';`);
  write('later.js', `console.log('later');`);
  const packages = bundledPackages();
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [packages.plugin()],
    worker: { format: 'es', plugins: () => [packages.plugin()] },
    build: { write: false, assetsInlineLimit: 0 },
  });

  const notices = parseNotices(thirdPartyNotices(packages.folders));
  const [own, ...others] = notices.slice(0, -WORKS.length);
  expect(own?.title).toMatch(/^Safelight /);
  // What Vite and Rolldown put into every build is theirs.
  expect(others.map(({ title }) => title.replace(/ (?!1\.2\.3)\S+ /, ' '))).toEqual([
    '@scope/in-worker 1.2.3 (MIT)',
    'in-page 1.2.3 (MIT)',
    'only-a-file 1.2.3 (MIT)',
    'vite (MIT)',
  ]);
  expect(others.find(({ title }) => title.startsWith('in-page'))?.text).toBe('Licence of the page’s');
  expect(others.at(-1)?.text).toMatch(/Copyright \(c\) 2019-present, VoidZero Inc\.[^#]+$/);
});

test('a package without a licence stops the build with what to do', () => {
  const folder = addPackage('bare', 'export {}');
  expect(() => thirdPartyNotices([folder])).toThrow(
    'bare 1.2.3 is in the build and its folder has no licence. Find its text, put it into build/notices, and name it in build/third-party-notices.ts.',
  );
});

test('a package with a licence file and no licence named is refused too', () => {
  write('node_modules/unnamed/package.json', JSON.stringify({ name: 'unnamed', version: '1.2.3' }));
  write('node_modules/unnamed/LICENSE', 'Some licence');
  expect(() => thirdPartyNotices([join(ROOT, 'node_modules/unnamed')])).toThrow('unnamed 1.2.3');
});

test('onnxruntime-web, which comes without its licence, has it from build/notices, with what is in its wasm', () => {
  const [, runtime] = parseNotices(thirdPartyNotices(['node_modules/onnxruntime-web']));
  expect(runtime?.title).toMatch(/^onnxruntime-web .* \(MIT\)$/);
  for (const holder of [
    'Microsoft Corporation',
    'The Dawn & Tint Authors',
    'Emscripten authors',
    'Rich Felker',
  ])
    expect(runtime?.text).toContain(holder);
});

test('each text in build/notices has a notice', () => {
  const texts = parseNotices(thirdPartyNotices(['node_modules/onnxruntime-web'])).map(({ text }) => text);
  for (const file of readdirSync('build/notices')) {
    const start = readFileSync(join('build/notices', file), 'utf8').trim().slice(0, 200);
    expect(
      texts.some((text) => text.includes(start)),
      file,
    ).toBe(true);
  }
});
