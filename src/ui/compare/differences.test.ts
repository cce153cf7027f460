import { expect, test } from 'vitest';
import { differences } from './differences.ts';

const fact = (name: string, value: string) => ({ name, label: name.toUpperCase(), value });

test('only what differs is named, also what one of two pictures does not say', () => {
  const left = [fact('prompt', 'a cat'), fact('seed', '7'), fact('eta', '0.5')];
  const right = [fact('prompt', 'a cat'), fact('strength', '0.3'), fact('seed', '8')];
  expect(differences(left, right)).toEqual([
    { label: 'SEED', left: '7', right: '8' },
    { label: 'ETA', left: '0.5', right: null },
    { label: 'STRENGTH', left: null, right: '0.3' },
  ]);
  expect(differences(left, left)).toEqual([]);
});
