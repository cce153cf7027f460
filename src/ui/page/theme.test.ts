import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createThemeStore } from '../../state/page/theme-store.ts';
import { followTheme } from './theme.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

function storage() {
  const items = new Map<string, string>();
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
}

/** The metas of index.html, and the root element. */
function documentOf() {
  const metas = [
    ...read('index.html').matchAll(/<meta name="theme-color" content="(.+?)" media="(.+?)"/g),
  ].map(([, content = '', media = '']) => ({ content, media }));
  return { documentElement: { dataset: {} as DOMStringMap }, querySelectorAll: () => metas, metas };
}

test('a theme that is chosen colours the page and what the browser paints around it, and is given up again', () => {
  const themes = createThemeStore(storage);
  const page = documentOf();
  const asWritten = page.metas.map(({ media }) => media);
  expect(asWritten).toEqual(['(prefers-color-scheme: dark)', '(prefers-color-scheme: light)']);
  followTheme(themes, page);
  expect(page.documentElement.dataset.theme).toBe('system');
  themes.getState().choose('light');
  expect(page.documentElement.dataset.theme).toBe('light');
  expect(page.metas.filter(({ media }) => media === 'all').map(({ content }) => content)).toEqual([
    '#f3ede2',
  ]);
  expect(page.metas.map(({ media }) => media)).toEqual(['not all', 'all']);
  themes.getState().choose('dark');
  expect(page.metas.map(({ media }) => media)).toEqual(['all', 'not all']);
  themes.getState().choose('system');
  expect(page.metas.map(({ media }) => media)).toEqual(asWritten);
});

test('what the browser paints around the page has the colour of its ground', () => {
  const [, light, dark] = /--ground: light-dark\((#\w+), (#\w+)\)/.exec(read('src/ui/theme.css')) ?? [];
  expect(documentOf().metas.map(({ content }) => content)).toEqual([dark, light]);
});

/** What public/theme.js, loaded from `src`, makes of the root element. */
function beforeFirstPaint(src: string, localStorage: object): DOMStringMap {
  const dataset = {} as DOMStringMap;
  const document = { currentScript: { src }, documentElement: { dataset } };
  runInNewContext(read('public/theme.js'), { document, localStorage, URL });
  return dataset;
}

test('before the first paint the page has the theme that was chosen', () => {
  const kept = storage();
  const stored: string[] = [];
  const themes = createThemeStore(() => ({
    ...kept,
    setItem: (name, value) => {
      stored.push(name);
      kept.setItem(name, value);
    },
  }));
  themes.getState().choose('dark');
  // The folder of the page stands in the name, as in that of everything stored.
  const [name = ''] = stored;
  const src = `https://example.com${name.slice('safelight'.length, -'theme'.length)}theme.js`;
  expect(beforeFirstPaint(src, kept)).toEqual({ theme: 'dark' });
  expect(beforeFirstPaint('https://example.com/elsewhere/theme.js', kept)).toEqual({});
  expect(createThemeStore(() => kept).getState().theme).toBe('dark');
});

test('where nothing is stored, or what is stored is none, the theme is the system’s', () => {
  const kept = storage();
  expect(beforeFirstPaint('https://example.com/theme.js', kept)).toEqual({});
  const forbidden = {
    getItem() {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  };
  expect(beforeFirstPaint('https://example.com/theme.js', forbidden)).toEqual({});
  const other = { ...kept, getItem: () => '{"state":{"theme":"pink"},"version":1}' };
  expect(createThemeStore(() => other).getState().theme).toBe('system');
});
