import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { formatNotices, type LicenceNotice } from '../src/ui/about/notices.ts';

const NOTICES = join(import.meta.dirname, 'notices');
const LICENCE_FILE = /^(licen[cs]e|copying|notice)\b/i;
/** Vite lists after its own licence what its command is bundled from: nothing of that reaches the page. */
const END_OF_VITES = '\n# Licenses of bundled dependencies\n';

/**
 * Texts for packages that come without one, by name and version, so that another version is looked at anew: files of
 * build/notices. The wheel `onnxruntime` 1.31.0 has both of ONNX Runtime's (1.30.0 has the same two); its wasm holds
 * Emscripten's C library besides, whose text is Debian's of musl 1.2.3.
 */
const SUPPLIED: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-web@1.31.0-dev.20260914-8d85527a0': ['onnxruntime', 'onnxruntime-third-parties', 'musl'],
};

/** What is no package: its title, the file of build/notices, and the folder of public/models that it came into, if any. */
export const WORKS: readonly { readonly title: string; readonly file: string; readonly model?: string }[] = [
  { title: 'OpenAI CLIP: the merges of its vocabulary (MIT)', file: 'clip', model: 'clip' },
  { title: 'Fluent Emoji: what Trinket was trained on (MIT)', file: 'fluent-emoji', model: 'trinket' },
  { title: 'unicode-emoji-json: names Trinket knows (MIT)', file: 'unicode-emoji-json', model: 'trinket' },
  { title: 'emojilib: synonyms Trinket knows (MIT)', file: 'emojilib', model: 'trinket' },
  { title: 'Unicode CLDR: German names of what Trinket knows (Unicode-3.0)', file: 'cldr', model: 'trinket' },
  {
    title: 'diffusers: schedulers and models are written after its code, in TypeScript (Apache-2.0)',
    file: 'diffusers',
  },
  { title: 'Pillow: blur and resize are written after its code, in TypeScript (MIT-CMU)', file: 'pillow' },
  { title: 'ComfyUI: numbers that colour the previews', file: 'comfyui' },
];

/** Which npm packages went into bundles: `plugin` goes into each of their builds, `folders` are where the packages lie. */
export function bundledPackages(): { readonly folders: ReadonlySet<string>; readonly plugin: () => Plugin } {
  const folders = new Set<string>();
  const plugin = (): Plugin => ({
    name: 'bundled-packages',
    apply: 'build',
    generateBundle(_, bundle) {
      const { root } = this.environment.config;
      for (const file of Object.values(bundle)) {
        const sources =
          file.type === 'chunk' ? file.moduleIds : file.originalFileNames.map((name) => resolve(root, name));
        for (const folder of sources.map(packageFolder)) if (folder) folders.add(folder);
      }
    },
  });
  return { folders, plugin };
}

/**
 * Where the package lies that a module belongs to; null for one of our own. Modules that only the build knows begin with
 * the name of who made them: `\0vite/preload-helper.js`.
 */
function packageFolder(id: string): string | null {
  const [, maker] = /^\0([^/]+)/.exec(id) ?? [];
  if (maker) return resolve('node_modules', maker);
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? null;
}

/**
 * third-party-notices.txt: Safelight's own licence, then those of the packages in `folders` and of all else that is in the build.
 * @throws Error for a package without a licence or its text, and for a bundled model of which no notice tells
 */
export function thirdPartyNotices(folders: Iterable<string>): string {
  const models = readdirSync('public/models').filter((name) => !WORKS.some(({ model }) => model === name));
  if (models.length > 0)
    throw new Error(`build/third-party-notices.ts says nothing of public/models/${models.join(', ')}.`);
  const own = packageNotice('.');
  const packages = [...folders].map(packageNotice).sort((a, b) => (a.title < b.title ? -1 : 1));
  const works = WORKS.map(({ title, file }) => ({ title, text: supplied(file) }));
  return formatNotices('What Safelight is made with, and under which licences.', [
    { ...own, title: own.title.replace('safelight', 'Safelight') },
    ...packages,
    ...works,
  ]);
}

const supplied = (file: string) => readFileSync(join(NOTICES, `${file}.txt`), 'utf8');

function packageNotice(folder: string): LicenceNotice {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license } = about;
  const own = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts =
    SUPPLIED[`${name}@${version}`]?.map(supplied) ??
    own.map((file) => readFileSync(join(folder, file), 'utf8'));
  if (typeof license !== 'string' || texts.length === 0)
    throw new Error(
      `${name} ${version} is in the build and its folder has no licence. Find its text, put it into build/notices, and name it in build/third-party-notices.ts.`,
    );
  const text = texts.map((whole) => whole.split(END_OF_VITES)[0]).join('\n\n');
  return { title: `${name} ${version} (${license})`, text };
}
