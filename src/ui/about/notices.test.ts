import { expect, test } from 'vitest';
import { formatNotices, parseNotices } from './notices.ts';

const NOTICES = [
  { title: 'one 1.0.0 (MIT)', text: 'MIT License\n\nCopyright (c) One\n\n====\nmore' },
  { title: 'two 2.0.0 (ISC)', text: 'ISC License' },
];

test('what is written is read again', () => {
  expect(parseNotices(formatNotices('Made with', NOTICES))).toEqual(NOTICES);
});

test('a web page in place of the file holds no notice', () => {
  expect(parseNotices('<!doctype html>\n<html></html>')).toEqual([]);
});

test('a licence that would part in two is refused', () => {
  const text = `before\n${'='.repeat(80)}\nafter`;
  expect(() => formatNotices('Made with', [{ title: 'three 3.0.0 (MIT)', text }])).toThrow(
    'three 3.0.0 (MIT)',
  );
});
