import type { DBSchema, IDBPDatabase } from 'idb';
import * as v from 'valibot';
import { ownName } from '../protocol/root.ts';
import { Database, readValue } from './database.ts';
import { newestOnly } from './newest-only.ts';
import { QUIET, type StorageNews } from './storage-news.ts';

/** A line of one colour. Positions and widths are pixels of the drawing. */
export interface Line {
  readonly kind: 'line';
  /** x, y, width, x, y, width, … */
  readonly points: readonly number[];
  /** As CSS has it: `#rrggbb`. */
  readonly colour: string;
}

/** The whole paper in one colour: what was there before is under it. */
export interface Fill {
  readonly kind: 'fill';
  readonly colour: string;
}

/** A picture over the whole paper, already of its size. */
export interface PlacedPicture {
  readonly kind: 'picture';
  readonly file: Blob;
}

/** What was done to the paper with one movement: the unit of Undo. */
export type Mark = Line | Fill | PlacedPicture;

/** A drawing: what was painted so long ago that it cannot be undone, and the marks over it. */
export interface Drawing {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the drawing's size; null for white paper. */
  readonly ground: Blob | null;
  /** The oldest first. */
  readonly marks: readonly Mark[];
}

/** Stores the drawing beyond the life of the page. Any call may fail: then it lasts as long as the page. */
export interface DrawingStorage {
  load(): Promise<Drawing | null>;
  save(drawing: Drawing): Promise<void>;
  /** Tells that so much of what was loaded cannot be decoded. */
  unreadable(count: number): void;
}

interface Schema extends DBSchema {
  drawing: { key: 'drawing'; value: Drawing };
}

const number = v.pipe(v.number(), v.finite());
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/));
const MarkSchema = v.variant('kind', [
  v.object({
    kind: v.literal('line'),
    points: v.pipe(
      v.array(number),
      v.minLength(3),
      v.check((points) => points.length % 3 === 0),
    ),
    colour,
  }),
  v.object({ kind: v.literal('fill'), colour }),
  v.object({ kind: v.literal('picture'), file: v.blob() }),
]);
const Size = v.object({ width: side, height: side });

/**
 * A stored drawing as far as it can be read: without its ground or the marks that are damaged.
 * @returns how much of it is left out; the drawing is null where not even its size is known
 */
export function readDrawing(stored: unknown): {
  readonly drawing: Drawing | null;
  readonly unreadable: number;
} {
  const size = v.safeParse(Size, stored);
  if (!size.success) return { drawing: null, unreadable: 1 };
  const { ground, marks } = stored as { readonly ground?: unknown; readonly marks?: unknown };
  const all: readonly unknown[] = Array.isArray(marks) ? marks : [marks];
  const read = all.filter((mark): mark is Mark => v.is(MarkSchema, mark));
  const isGround = ground === null || ground instanceof Blob;
  return {
    drawing: { ...size.output, ground: isGround ? ground : null, marks: read },
    unreadable: all.length - read.length + (isGround ? 0 : 1),
  };
}

/** The drawing in IndexedDB. */
export function openDrawingStorage(news: StorageNews = QUIET): DrawingStorage {
  const upgrade = (fresh: IDBPDatabase<Schema>) => void fresh.createObjectStore('drawing');
  const database = new Database<Schema>(ownName('drawing'), 'drawing', upgrade, news);
  return {
    load: () =>
      database.read(async (db) => {
        if ((await db.getKey('drawing', 'drawing')) === undefined) return null;
        const { drawing, unreadable } = readDrawing(await readValue(db, 'drawing', 'drawing'));
        if (unreadable > 0) news.unreadable(unreadable);
        return drawing;
      }),
    unreadable: (count) => news.unreadable(count),
    save: newestOnly((drawing) =>
      database.change(['drawing'], function* (change) {
        yield change.objectStore('drawing').put(drawing, 'drawing');
      }),
    ),
  };
}
