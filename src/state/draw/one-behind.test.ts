import { beforeEach, expect, test } from 'vitest';
import { type OneBehind, oneBehind } from './one-behind.ts';

/** A run that ends when it is told to. */
interface Run {
  readonly wanted: string;
  readonly signal: AbortSignal;
  readonly endSignal: AbortSignal;
  readonly end: () => void;
  readonly fail: () => void;
}

let runs: Run[] = [];
let isFree = true;
let pen: OneBehind<string>;
const begun = () => runs.map(({ wanted }) => wanted);
const last = () => runs.at(-1) as Run;
/** Lets what was told to end be over. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  runs = [];
  isFree = true;
  pen = oneBehind<string>(
    (wanted, signal, endSignal) =>
      new Promise<void>((end, fail) =>
        runs.push({ wanted, signal, endSignal, end, fail: () => fail(new Error('no')) }),
      ),
    () => isFree,
  );
});

test('the first is begun at once', () => {
  pen.ask('one');
  expect(begun()).toEqual(['one']);
  expect(last().signal.aborted).toBe(false);
});

test('a newer one stops the one that goes on, and begins when that is over', async () => {
  pen.ask('one');
  pen.ask('two');
  expect(last().signal.aborted).toBe(true);
  await settle();
  expect(begun(), 'between two steps it still goes on').toEqual(['one']);
  last().end();
  await settle();
  expect(begun()).toEqual(['one', 'two']);
  expect(last().signal.aborted).toBe(false);
});

test('of those that wait only the newest is begun', async () => {
  for (const wanted of ['one', 'two', 'three', 'four']) pen.ask(wanted);
  last().end();
  await settle();
  last().end();
  await settle();
  expect(begun()).toEqual(['one', 'four']);
});

test('one that fails is over like any other', async () => {
  pen.ask('one');
  last().fail();
  await settle();
  pen.ask('two');
  pen.ask('three');
  last().fail();
  await settle();
  expect(begun()).toEqual(['one', 'two', 'three']);
});

test('what is held is begun again when nothing has to run first', async () => {
  pen.ask('one');
  isFree = false;
  pen.hold();
  expect(last().signal.aborted).toBe(true);
  last().end();
  await settle();
  expect(begun()).toEqual(['one']);
  isFree = true;
  pen.resume();
  expect(begun()).toEqual(['one', 'one']);
});

test('while others run first the newest waits, and takes the place of what was held', async () => {
  pen.ask('one');
  isFree = false;
  pen.hold();
  pen.ask('two');
  last().end();
  await settle();
  pen.ask('three');
  expect(begun()).toEqual(['one']);
  isFree = true;
  pen.resume();
  expect(begun()).toEqual(['one', 'three']);
});

test('what was stopped for a newer one is not begun again by a hold', async () => {
  pen.ask('one');
  pen.ask('two');
  pen.hold();
  last().end();
  await settle();
  expect(begun()).toEqual(['one', 'two']);
});

test('stopped, nothing goes on and nothing waits', async () => {
  pen.ask('one');
  pen.ask('two');
  expect(last().endSignal.aborted, 'the newer one has use for the same model').toBe(false);
  pen.stop();
  expect(last().endSignal.aborted).toBe(true);
  last().end();
  await settle();
  pen.resume();
  expect(begun()).toEqual(['one']);
  pen.ask('three');
  expect(begun()).toEqual(['one', 'three']);
});
