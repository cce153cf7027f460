import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createScreenStore } from '../../state/page/screen-store.ts';
import type { Stores } from '../../state/stores.ts';
import { de } from '../texts/de.ts';
import { en } from '../texts/en.ts';
import type { ShownTexts } from '../texts/texts-store.ts';
import { followInNotifications, followInTitle, followWithWakeLock } from './background.ts';

const shown = createStore<ShownTexts>(() => ({ language: 'en', texts: en }));

/** A page that can be hidden, and stores with only what these functions read. */
function setup() {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible', title: 'Safelight' });
  const show = (visibilityState: 'visible' | 'hidden') => {
    page.visibilityState = visibilityState;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  const queue = createStore(() => ({ running: null as object | null, waiting: [], failed: [], ended: 0 }));
  const generation = createStore(() => ({ phase: 'idle', progress: null, run: null as object | null }));
  const doneNotice = createStore(() => ({ isOn: true }));
  const stores = { queue, generation, doneNotice } as unknown as Stores;
  const screens = createScreenStore({ readHash: () => '', pushHash: () => {} });
  return { stores, screens, queue, generation, doneNotice, show, page: page as unknown as Document };
}

test('the title says Done until the page is visible again', () => {
  const { stores, screens, queue, generation, page, show } = setup();
  followInTitle(stores, screens, shown, page);
  queue.setState({ running: {} });
  generation.setState({ phase: 'running' });
  expect(page.title).toBe('Painting · Safelight');
  show('hidden');
  show('visible');
  expect(page.title).toBe('Painting · Safelight');
  show('hidden');
  generation.setState({ phase: 'done', run: { result: {} } });
  queue.setState({ running: null });
  expect(page.title).toBe('Done · Safelight');
  show('visible');
  expect(page.title).toBe('Safelight');
});

test('the title says which screen is shown, where there is no news', () => {
  const { stores, screens, queue, generation, page } = setup();
  followInTitle(stores, screens, shown, page);
  expect(page.title).toBe('Safelight');
  screens.getState().show('gallery');
  expect(page.title).toBe('Gallery · Safelight');
  queue.setState({ running: {} });
  generation.setState({ phase: 'running' });
  expect(page.title).toBe('Painting · Safelight');
  generation.setState({ phase: 'done', run: { result: {} } });
  queue.setState({ running: null });
  expect(page.title).toBe('Done · Safelight');
  screens.getState().show('models');
  expect(page.title).toBe('Models · Safelight');
});

test('the title changes with the language; a result that was seen stays removed', () => {
  const { stores, screens, queue, generation, page, show } = setup();
  const spoken = createStore<ShownTexts>(() => ({ language: 'en', texts: en }));
  followInTitle(stores, screens, spoken, page);
  queue.setState({ running: {} });
  spoken.setState({ language: 'de', texts: de });
  expect(page.title).toBe('Malt · Safelight');
  generation.setState({ phase: 'done', run: { result: {} } });
  queue.setState({ running: null });
  expect(page.title).toBe('Fertig · Safelight');
  show('visible');
  spoken.setState({ language: 'en', texts: en });
  expect(page.title).toBe('Safelight');
});

test('a notification comes only at the end, and only if switched on, allowed and the page hidden', () => {
  const { stores, queue, doneNotice, show, page } = setup();
  const told = vi.fn();
  let isAllowed = true;
  const notifier = { isAllowed: () => isAllowed, isBlocked: () => false, ask: async () => true, show: told };
  followInNotifications(stores, shown, page, notifier);
  const once = () => {
    queue.setState({ running: {} });
    queue.setState({ running: { next: true }, ended: 1 });
    queue.setState({ running: null, ended: 2 });
  };
  once();
  expect(told).not.toHaveBeenCalled();
  show('hidden');
  doneNotice.setState({ isOn: false });
  once();
  isAllowed = false;
  doneNotice.setState({ isOn: true });
  once();
  expect(told).not.toHaveBeenCalled();
  isAllowed = true;
  once();
  expect(told.mock.calls).toEqual([['Safelight', 'All 2 jobs are done.']]);
});

test('the screen stays on only while the page is visible and the queue runs', async () => {
  const { stores, queue, show, page } = setup();
  let locks = 0;
  const request = vi.fn(async () => {
    locks++;
    return { release: async () => void locks-- };
  });
  followWithWakeLock(stores, page, { request } as unknown as WakeLock);
  const held = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return locks;
  };
  expect(await held()).toBe(0);
  queue.setState({ running: {} });
  queue.setState({ running: { next: true } });
  expect(await held()).toBe(1);
  expect(request).toHaveBeenCalledOnce();
  show('hidden');
  expect(await held()).toBe(0);
  show('visible');
  expect(await held()).toBe(1);
  queue.setState({ running: null });
  expect(await held()).toBe(0);

  request.mockRejectedValueOnce(new DOMException('Low battery.', 'NotAllowedError'));
  queue.setState({ running: {} });
  queue.setState({ running: null });
  queue.setState({ running: {} });
  expect(await held()).toBe(1);
});
