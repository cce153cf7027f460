import { expect, test, vi } from 'vitest';
import { createDoneNoticeStore } from './done-notice-store.ts';

function setup(answer: boolean, isBlocked = false, kept = new Map<string, string>()) {
  let isAllowed = false;
  const ask = vi.fn(async () => {
    isAllowed = answer;
    return answer;
  });
  const notifier = { isAllowed: () => isAllowed, isBlocked: () => isBlocked, ask, show: () => {} };
  const storage = () => ({
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
  const open = () => createDoneNoticeStore(notifier, storage).getState;
  const forbid = () => {
    isAllowed = false;
  };
  return { open, ask, forbid };
}

test('switching it on asks once, and the choice is stored', async () => {
  const { open, ask } = setup(true);
  const state = open();
  expect(ask).not.toHaveBeenCalled();
  await state().turn(true);
  expect(state()).toMatchObject({ isOn: true, refused: null });
  await state().turn(false);
  expect(state()).toMatchObject({ isOn: false, refused: null });
  await state().turn(true);
  expect(ask).toHaveBeenCalledOnce();
  expect(open()().isOn).toBe(true);
});

test('it stays off when refused, and permission taken back switches it off', async () => {
  for (const [isBlocked, why] of [
    [false, 'unanswered'],
    [true, 'blocked'],
  ] as const) {
    const refused = setup(false, isBlocked).open();
    await refused().turn(true);
    expect(refused()).toMatchObject({ isOn: false, refused: why });
    await refused().turn(false);
    expect(refused().refused).toBeNull();
  }

  const { open, forbid } = setup(true);
  await open()().turn(true);
  forbid();
  expect(open()().isOn).toBe(false);
});
