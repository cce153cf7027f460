import { expect, test } from 'vitest';
import { ownName } from '../../protocol/root.ts';
import { createLanguageStore, preferredLanguage } from './language-store.ts';

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'de'], 'de'],
  [['EN-gb', 'de'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('a browser that prefers %s gets %s', (preferred, language) => {
  expect(preferredLanguage(preferred)).toBe(language);
});

test('a choice outlives the page, and an unreadable one is ignored', () => {
  const map = new Map<string, string>();
  const kept = {
    getItem: (name: string) => map.get(name) ?? null,
    setItem: (name: string, value: string) => void map.set(name, value),
    removeItem: (name: string) => void map.delete(name),
  };
  const first = createLanguageStore(['en'], () => kept);
  first.getState().choose('de');
  expect(createLanguageStore(['en'], () => kept).getState().language).toBe('de');
  kept.setItem(ownName('language'), '{"state":{"chosen":"xx"},"version":1}');
  expect(createLanguageStore(['en'], () => kept).getState().language).toBe('en');
});
