import { answered } from '../protocol/answered.ts';
import { AppError } from '../protocol/errors.ts';
import { ownName } from '../protocol/root.ts';
import { webLocks } from '../protocol/web-locks.ts';
import { migrateDatabases } from './migrate-databases.ts';

// Until 0.1 every deployment on an origin had the same names for what it stores. What lies there under those names belongs
// to whichever deployment is opened first with names of its own, once.

/** How far the move of what 0.1 stored is. */
export type MigrationState =
  /** A page of 0.1 is open, and may be writing: it has to be closed. */
  | { readonly kind: 'waiting' }
  /** `total` is 0 while it is not known. */
  | { readonly kind: 'moving'; readonly done: number; readonly total: number };

/** What is stored there, as the texts of errors know it. */
const WHAT = 'older-data';
const LOCK = 'safelight.migration';
const DONE = ownName('migrated');
/** The locks that pages of 0.1 hold as long as they live. */
const OLD_PAGE = 'safelight.queue.';
/** What 0.1 kept in localStorage, and what it is called now. */
const SETTINGS = {
  settings: 'settings',
  hub: 'hub',
  memory: 'memory',
  pace: 'speed',
  language: 'language',
  'done-notice': 'done-notice',
};

/**
 * Moves what 0.1 stored to this deployment's own names, before anything else opens its storage. What was moved stays moved when
 * it fails or is ended: the next call goes on.
 * @param moveModels moves the files of models, in the worker
 * @throws AppError storage-full and others
 */
export async function migrate(
  moveModels: (onProgress: (progress: { done: number; total: number }) => void) => Promise<unknown>,
  onState: (state: MigrationState) => void,
): Promise<void> {
  const storage = openLocalStorage();
  const isDone = () => storage?.getItem(DONE) != null;
  const run = async () => {
    if (isDone()) return;
    // Twice: first for the language the waiting is told in, then for what the other page has changed meanwhile.
    if (storage) migrateSettings(storage);
    const hasWaited = await waitForOldPages(() => onState({ kind: 'waiting' }));
    if (storage && hasWaited) migrateSettings(storage);
    const folder = await findOldFolder();
    if (folder === 'found') await moveModels((progress) => onState({ kind: 'moving', ...progress }));
    const isSure = await migrateDatabases((done, total) => onState({ kind: 'moving', done, total }));
    if (isSure && folder !== 'refused') noteDone(storage);
  };
  if (isDone()) return;
  try {
    await alone(run, () => onState({ kind: 'moving', done: 0, total: 0 }));
  } catch (cause) {
    const { name, message } = cause as Error;
    const { code, details } = cause as Partial<AppError>;
    // Where it cannot be looked for, the page opens without; the next visit looks again.
    if (code === 'no-storage' && details?.what === WHAT) return;
    if (name !== 'QuotaExceededError' && code !== 'storage-full') throw cause;
    throw new AppError('storage-full', message, { what: WHAT }, { cause });
  }
}

/** One page of the origin at a time. Where there are no locks (no secure context) there are no models and no queue either. */
async function alone(run: () => Promise<void>, onOther: () => void): Promise<void> {
  const locks = webLocks();
  if (!locks) return run();
  // Granted or refused at once, or the browser does not answer.
  let answer = () => {};
  const answering = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const askForTurn = async () =>
    locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      answer();
      if (lock) await run();
      return lock !== null;
    });
  const hadTurn = askForTurn();
  await answered(WHAT, Promise.race([answering, hadTurn.catch(refused)]));
  if (await hadTurn) return;
  onOther();
  await locks.request(LOCK, run);
}

/** Gives whether there were any. */
async function waitForOldPages(onWait: () => void): Promise<boolean> {
  const locks = webLocks();
  const query = async () => locks?.query();
  const { held = [] } = (await answered(WHAT, query().catch(refused))) ?? {};
  const pages = held.flatMap(({ name }) => (name?.startsWith(OLD_PAGE) ? name : []));
  if (pages.length > 0) onWait();
  for (const page of pages) await locks?.request(page, () => {});
  return pages.length > 0;
}

function refused(cause: unknown): never {
  throw cause instanceof AppError
    ? cause
    : new AppError('no-storage', String(cause), { what: WHAT }, { cause });
}

function migrateSettings(storage: Storage): void {
  for (const [name, newName] of Object.entries(SETTINGS)) {
    const value = storage.getItem(`safelight.${name}`);
    if (value === null) continue;
    storage.setItem(ownName(newName), value);
    storage.removeItem(`safelight.${name}`);
  }
}

async function findOldFolder(): Promise<'found' | 'none' | 'refused'> {
  try {
    const storage = navigator.storage as StorageManager | undefined;
    if (!storage?.getDirectory) return 'none';
    await answered(
      WHAT,
      storage.getDirectory().then((root) => root.getDirectoryHandle('models')),
    );
    return 'found';
  } catch (error) {
    const { name } = error as DOMException;
    return name === 'NotFoundError' || name === 'TypeMismatchError' ? 'none' : 'refused';
  }
}

/** Null where the browser forbids it. */
function openLocalStorage(): Storage | null {
  try {
    localStorage.getItem(DONE);
    return localStorage;
  } catch {
    return null;
  }
}

function noteDone(storage: Storage | null): void {
  try {
    storage?.setItem(DONE, '1');
  } catch {
    // It is full: the next visit looks again, and finds nothing.
  }
}
