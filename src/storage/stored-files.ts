import type { DBSchema, IDBPDatabase } from 'idb';
import * as v from 'valibot';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { InitImageFile } from '../protocol/init-image.ts';
import { type Border, MIDDLE, NO_BORDER, type Rect } from '../protocol/placement.ts';
import { EmbeddingSchema, InitImageSchema } from '../protocol/request.ts';
import { ownName } from '../protocol/root.ts';
import { openTabChannel } from '../protocol/tab-channel.ts';
import { Database, readValue } from './database.ts';
import { newestOnly } from './newest-only.ts';
import { QUIET, type StorageNews } from './storage-news.ts';
import type { StoredControl } from './stored-control.ts';
import type { StoredPicturePrompt } from './stored-picture-prompt.ts';
import { type Stroke, StrokeSchema } from './stroke.ts';

/** A mask as a picture, and the part of the initial image that it covers, as fractions of that one's width and height. */
export interface PictureMask {
  readonly file: Blob;
  readonly at: Rect;
}

/** What is to be inpainted: what the strokes have marked, or, inverted, everything else. It moves with the initial image. */
export interface Mask {
  /** A mask as a picture, below all strokes: white is marked. */
  readonly picture?: PictureMask;
  readonly strokes: readonly Stroke[];
  readonly isInverted: boolean;
}

/** The initial image as it is stored. */
export interface StoredInitImage {
  readonly file: Blob;
  readonly mask: Mask | null;
  readonly offset: InitImageFile['offset'];
  readonly border: Border;
}

/** Stores the initial image beyond the life of the page. Any call may fail: then it lasts as long as the page. */
export interface InitImageStorage {
  load(): Promise<StoredInitImage | null>;
  save(image: StoredInitImage | null): Promise<void>;
}

/** A list of words that prompts can call by its name. */
export interface WordList {
  readonly name: string;
  readonly words: readonly string[];
}

/** Texts with a name, to be put around or behind those of the form. */
export interface Style {
  readonly name: string;
  /** `{prompt}` stands for the form's prompt; without it this stands behind it. */
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Settings by their names in a link, as the form holds them; null where it has none of its own. */
  readonly settings: Readonly<Record<string, string>> | null;
}

/** Stores a list beyond the life of the page. Any call may fail: then it lasts as long as the page. */
export interface ListStorage<Item> {
  load(): Promise<readonly Item[]>;
  /**
   * Stores what has changed, by name; null where it was deleted. What another tab has stored stays, and what could not be stored
   * is tried again with the next change.
   */
  change(changed: ReadonlyMap<string, Item | null>): Promise<void>;
  /** Calls `listen` when another tab has stored a change. */
  onChanged(listen: () => void): void;
}

/** Stores a list as the form has it beyond the life of the page. Any call may fail: then it lasts as long as the page. */
export interface FormListStorage<Item> {
  load(): Promise<readonly Item[]>;
  /** Stores all of it, in the place of what was stored. */
  save(items: readonly Item[]): Promise<void>;
}

/** What localStorage cannot hold, each value under its own key. */
interface Schema extends DBSchema {
  files: {
    key: 'embeddings' | 'init-image' | 'wildcards' | 'styles' | 'controls' | 'picture-prompts';
    value:
      | readonly EmbeddingFile[]
      | readonly WordList[]
      | readonly Style[]
      | readonly StoredControl[]
      | readonly StoredPicturePrompt[]
      | StoredInitImage
      | null;
  };
}

/** What rows are checked by, or what loads it: most forms have no such rows. */
type Schemas<T> = v.GenericSchema<T> | (() => Promise<v.GenericSchema<T>>);

type ListKey = 'embeddings' | 'wildcards' | 'styles' | 'controls' | 'picture-prompts';

const number = v.pipe(v.number(), v.finite());
const MaskSchema = v.object({
  picture: v.exactOptional(
    v.object({ file: v.blob(), at: v.object({ x: number, y: number, width: number, height: number }) }),
  ),
  strokes: v.array(StrokeSchema),
  isInverted: v.boolean(),
});
const { file, offset, border } = InitImageSchema.entries;
const StoredInitImageSchema = v.object({ file, mask: v.nullable(MaskSchema), offset, border });

const WordListSchema = v.object({
  name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  words: v.array(v.string()),
});

const StyleSchema = v.object({
  name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  prompt: v.string(),
  negativePrompt: v.string(),
  settings: v.nullable(v.record(v.string(), v.string())),
});

const controlSchema = async () => (await import('./stored-control.ts')).StoredControlSchema;
const promptSchema = async () => (await import('./stored-picture-prompt.ts')).StoredPicturePromptSchema;

/** The stored initial image. Where only what was done with it is damaged, the image itself; null where there is none. */
function readInitImage(stored: unknown): StoredInitImage | null {
  const whole = v.safeParse(StoredInitImageSchema, stored);
  if (whole.success) return whole.output;
  const image = v.safeParse(v.object({ file }), stored);
  return image.success ? { ...image.output, mask: null, offset: MIDDLE, border: NO_BORDER } : null;
}

/** The database of the form’s files. */
export function filesDatabase(news?: StorageNews): Database<Schema> {
  const upgrade = (fresh: IDBPDatabase<Schema>) => void fresh.createObjectStore('files');
  return new Database(ownName('files'), 'file', upgrade, news);
}

/** Where the form's files are kept. */
interface FileStorages {
  readonly embeddings: ListStorage<EmbeddingFile>;
  readonly initImage: InitImageStorage;
  readonly wildcards: ListStorage<WordList>;
  readonly styles: ListStorage<Style>;
  readonly controls: FormListStorage<StoredControl>;
  readonly picturePrompts: FormListStorage<StoredPicturePrompt>;
}

/** The form's files in IndexedDB. */
export function openFileStorage(news: StorageNews = QUIET): FileStorages {
  const database = filesDatabase(news);
  const damaged = new Map<Schema['files']['key'], number>();
  const note = (key: Schema['files']['key'], count: number) => {
    damaged.set(key, count);
    const all = [...damaged.values()].reduce((sum, one) => sum + one, 0);
    if (all > 0) news.unreadable(all);
  };
  const load = (key: Schema['files']['key']) =>
    database.read(async (db) => {
      if ((await db.getKey('files', key)) === undefined) return null;
      const value = await readValue(db, 'files', key);
      // A picture that was removed is stored as null.
      return value === undefined ? DAMAGED : value;
    });
  const save = (key: Schema['files']['key'], value: Schema['files']['value']) =>
    database.change(['files'], function* (change) {
      yield change.objectStore('files').put(value, key);
    });
  const accepted = async <T>(key: ListKey, schema: Schemas<T>) => {
    const stored = (await load(key)) ?? [];
    const rows: readonly unknown[] = Array.isArray(stored) ? stored : [stored];
    if (rows.length === 0) return { rows: [], all: 0 };
    const known = typeof schema === 'function' ? await schema() : schema;
    return { rows: rows.filter((row): row is T => v.is(known, row)), all: rows.length };
  };
  const rowsOf = async <T>(key: ListKey, schema: Schemas<T>) => {
    const { rows, all } = await accepted(key, schema);
    note(key, all - rows.length);
    return rows;
  };
  const listOf = <T>(
    key: ListKey,
    schema: v.GenericSchema<T>,
    nameOf: (row: T) => string,
  ): ListStorage<T> => {
    const waiting = new Map<string, T | null>();
    let last: Promise<void> = Promise.resolve();
    const tabs = openTabChannel<null>(ownName(key));
    const write = async () => {
      const changed = new Map(waiting);
      const { rows } = await accepted(key, schema);
      const kept = rows.filter((row) => !changed.has(nameOf(row)));
      const put = [...changed.values()].filter((row) => row !== null);
      await save(key, [...kept, ...put] as Schema['files']['value']);
      for (const [name, row] of changed) if (waiting.get(name) === row) waiting.delete(name);
      tabs.tell(null);
    };
    return {
      load: () => rowsOf(key, schema),
      change(changed) {
        for (const [name, row] of changed) waiting.set(name, row);
        last = last.then(write, write);
        return last;
      },
      onChanged: tabs.onTold,
    };
  };
  const formListOf = <T>(key: ListKey, schema: Schemas<T>): FormListStorage<T> => ({
    load: () => rowsOf(key, schema),
    save: newestOnly((items) => save(key, items as Schema['files']['value'])),
  });
  return {
    embeddings: listOf<EmbeddingFile>('embeddings', EmbeddingSchema, ({ token }) => token),
    wildcards: listOf<WordList>('wildcards', WordListSchema, ({ name }) => name),
    styles: listOf<Style>('styles', StyleSchema, ({ name }) => name),
    controls: formListOf<StoredControl>('controls', controlSchema),
    picturePrompts: formListOf<StoredPicturePrompt>('picture-prompts', promptSchema),
    initImage: {
      async load() {
        const stored = await load('init-image');
        if (stored === null) return null;
        const image = readInitImage(stored);
        note('init-image', v.is(StoredInitImageSchema, stored) ? 0 : 1);
        return image;
      },
      save: (image) => save('init-image', image),
    },
  };
}

/** Stands for a value that the browser cannot read. */
const DAMAGED = Symbol('damaged');
