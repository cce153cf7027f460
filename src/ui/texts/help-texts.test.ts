import { expect, test } from 'vitest';
import { SETTING_NAMES } from '../../protocol/settings.ts';
import { GLOSSARY } from './glossary-texts.ts';
import { HELP_TEXTS } from './help-texts.ts';
import type { HelpName } from './setting-help.ts';
import { DIFFUSERS_NAMES, SETTING_HELP } from './setting-help-texts.ts';

const { en, de } = HELP_TEXTS;
const LANGUAGES = [SETTING_HELP.en, SETTING_HELP.de];
const NAMES = Object.keys(SETTING_HELP.en.settings) as HelpName[];

test('every setting is explained in whole sentences, by no name of an API, in each language', () => {
  expect(NAMES).toEqual(expect.arrayContaining(SETTING_NAMES));
  for (const { settings } of LANGUAGES) {
    expect(Object.keys(settings).sort()).toEqual([...NAMES].sort());
    for (const name of NAMES) {
      const { does, change, start } = settings[name];
      expect(does, name).toMatch(/^\p{Lu}.*[.]$/u);
      // What more and less brings, and a value to begin with.
      expect(change, name).toMatch(/\.$/);
      expect(start, name).toMatch(/\.$/);
      for (const text of [does, change, start]) expect(text, name).not.toMatch(/[a-z]_[a-z]/);
    }
  }
});

test('nothing is left in the other language, and numbers have its decimal sign', () => {
  for (const name of NAMES) {
    const [english, german] = LANGUAGES.map(({ settings }) => settings[name]);
    for (const part of ['does', 'change', 'start'] as const)
      if (!/^[\d.]+$/.test(english?.[part] ?? '')) expect(german?.[part], name).not.toBe(english?.[part]);
    // A weight in a prompt has a dot everywhere.
    for (const text of Object.values(german ?? {}))
      expect(text.replaceAll(/[(<][^)>]*[)>]/g, ''), name).not.toMatch(/\d\.\d/);
    for (const text of Object.values(english ?? {})) expect(text, name).not.toMatch(/\d,\d/);
  }
});

test('the names in other programs are names of settings', () => {
  for (const name of Object.keys(DIFFUSERS_NAMES)) expect(NAMES).toContain(name);
});

test('the same words are explained in each language, in sentences', () => {
  expect(GLOSSARY.de).toHaveLength(GLOSSARY.en.length);
  for (const words of Object.values(GLOSSARY)) {
    expect(new Set(words.map(([word]) => word)).size).toBe(words.length);
    for (const [word, meaning] of words) expect(meaning, word).toMatch(/^\p{Lu}.*\.$/u);
  }
  const english = GLOSSARY.en.map(([, meaning]) => meaning);
  expect(GLOSSARY.de.filter(([, meaning]) => english.includes(meaning))).toEqual([]);
});

test('the same keys are told in each language', () => {
  const counts = (texts: typeof en) => Object.values(texts.keys).map(({ length }) => length);
  expect(counts(de)).toEqual(counts(en));
  const does = (texts: typeof en) =>
    Object.values(texts.keys).flatMap((keys) => keys.map(([, text]) => text));
  expect(does(de).filter((text) => does(en).includes(text))).toEqual([]);
});
