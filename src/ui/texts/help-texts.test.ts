import { expect, test } from 'vitest';
import { SETTING_NAMES } from '../../protocol/settings.ts';
import { HELP_TEXTS } from './help-texts.ts';

const { en, de } = HELP_TEXTS;

test('every setting is explained in whole sentences, by no name of an API, in each language', () => {
  for (const texts of [en, de])
    for (const name of SETTING_NAMES) {
      expect(texts.about[name], name).toMatch(/^[\p{Lu}].*\.$/u);
      expect(texts.about[name], name).not.toMatch(/[a-z]_[a-z]/);
    }
  for (const name of SETTING_NAMES) expect(de.about[name], name).not.toBe(en.about[name]);
});

test('the same keys are told in each language', () => {
  const counts = (texts: typeof en) => Object.values(texts.keys).map(({ length }) => length);
  expect(counts(de)).toEqual(counts(en));
  const does = (texts: typeof en) =>
    Object.values(texts.keys).flatMap((keys) => keys.map(([, text]) => text));
  expect(does(de).filter((text) => does(en).includes(text))).toEqual([]);
});
