import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import { createStorageStore } from './storage-store.ts';

const full = () => new AppError('storage-full', 'Full.', { what: 'settings' });

test('what is not kept is said once, until it is kept again or dismissed; another fault is said anew', () => {
  const { store, newsOf } = createStorageStore();
  const settings = newsOf('settings');
  const changes: unknown[] = [];
  store.subscribe(({ failed }) => changes.push(failed.settings?.code));
  for (let i = 0; i < 3; i++) settings.failed(full());
  expect(changes).toEqual(['storage-full']);
  settings.failed(null);
  settings.failed(full());
  expect(changes).toEqual(['storage-full', undefined, 'storage-full']);
  store.getState().dismiss();
  settings.failed(full());
  settings.failed(null);
  settings.failed(full());
  expect(store.getState().failed).toEqual({});
  settings.failed(new AppError('no-storage', 'Refused.', { what: 'settings' }));
  expect(store.getState().failed.settings?.code).toBe('no-storage');
});

test('each storage has its own news, and what was damaged is said once', () => {
  const { store, newsOf } = createStorageStore();
  newsOf('job').failed(full());
  newsOf('file').failed(full());
  newsOf('job').failed(null);
  newsOf('job').unreadable(2);
  newsOf('job').unreadable(3);
  expect(store.getState()).toMatchObject({
    failed: { file: { code: 'storage-full' } },
    unreadable: { job: 3 },
  });
  expect(store.getState().failed.job).toBeUndefined();
  store.getState().dismiss();
  newsOf('job').unreadable(3);
  expect(store.getState().unreadable).toEqual({});
});
