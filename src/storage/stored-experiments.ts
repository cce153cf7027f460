import type { DBSchema, IDBPDatabase } from 'idb';
import * as v from 'valibot';
import { SCHEDULERS } from '../catalog/schedulers.ts';
import { SCHEDULE_IDS } from '../catalog/schedules.ts';
import {
  AXIS_KINDS,
  type Axes,
  type Axis,
  type AxisKind,
  countCells,
  isNumberAxis,
  MAX_CELLS,
  settingOfAxis,
} from '../experiments/axes.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { RequestSchema } from '../protocol/request.ts';
import { ownName } from '../protocol/root.ts';
import { SETTINGS } from '../protocol/settings.ts';
import { Database, readEntries } from './database.ts';
import { QUIET, type StorageNews } from './storage-news.ts';

/** An experiment without its pictures. */
export interface ExperimentSetup {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly base: GenerationRequest;
  readonly axes: Axes;
}

/** A finished cell as it is stored. */
export interface StoredCell {
  readonly png: Blob;
  readonly seconds: number;
}

/** An experiment, and how many of its cells are done. */
export interface StoredExperiment {
  readonly setup: ExperimentSetup;
  readonly done: number;
}

/** Stores experiments beyond the life of the page. Any call may fail: then they last as long as the page. */
export interface ExperimentStorage {
  /** Newest first. What cannot be read is left out. */
  list(): Promise<StoredExperiment[]>;
  /** The finished pictures of an experiment, by their cell. */
  cells(id: string): Promise<ReadonlyMap<number, StoredCell>>;
  save(setup: ExperimentSetup): Promise<void>;
  saveCell(setup: ExperimentSetup, cell: number, done: StoredCell): Promise<void>;
  remove(id: string): Promise<void>;
}

interface Schema extends DBSchema {
  /** Experiments; the name is that of 0.1. */
  sweeps: { key: string; value: unknown };
  cells: { key: [id: string, cell: number]; value: unknown };
}

const number = v.pipe(v.number(), v.finite());
const sampler = v.picklist(Object.keys(SCHEDULERS));
const schedule = v.picklist(SCHEDULE_IDS);

const Value = v.union([number, v.string()]);
const Values = v.pipe(v.array(Value), v.nonEmpty());
/** The name of an axis in storage, which is its setting's in a link. */
const storedKind = (kind: AxisKind): string => {
  const name = settingOfAxis(kind);
  return name === null ? kind : SETTINGS[name].link;
};
const KINDS = new Map(AXIS_KINDS.map((kind) => [storedKind(kind), kind]));
const Kind = v.pipe(
  v.string(),
  v.transform((stored) => KINDS.get(stored)),
  v.picklist(AXIS_KINDS),
);
const AxisSchema = v.pipe(
  v.object({ kind: Kind, values: Values }),
  v.check(({ kind, values }) => values.every((value) => (typeof value === 'number') === isNumberAxis(kind))),
  v.check(({ kind, values }) => kind !== 'scheduler' || values.every((value) => v.is(sampler, value))),
  v.check(({ kind, values }) => kind !== 'schedule' || values.every((value) => v.is(schedule, value))),
  v.check(({ kind, values }) => kind !== 'size' || values.every((value) => /^\d+x\d+$/.test(String(value)))),
);

const SetupSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  createdAt: number,
  base: v.record(v.string(), v.unknown()),
  axes: v.pipe(
    v.array(AxisSchema),
    v.minLength(1),
    v.maxLength(2),
    v.check((axes) => countCells(axes as Axis[]) <= MAX_CELLS),
  ),
});

const CellSchema = v.object({ png: v.blob(), seconds: number });

/** An experiment as it is stored, or null if it is none. Settings that are newer than it have their defaults. */
export function readSetup(stored: unknown): ExperimentSetup | null {
  const setup = v.safeParse(SetupSchema, stored);
  if (!setup.success) return null;
  const base = v.safeParse(RequestSchema, setup.output.base);
  return base.success
    ? { ...setup.output, base: base.output, axes: setup.output.axes as unknown as Axes }
    : null;
}

const cellsOf = (id: string) => IDBKeyRange.bound([id], [id, []]);

/** The database of experiments. */
export function experimentsDatabase(news?: StorageNews): Database<Schema> {
  const upgrade = (fresh: IDBPDatabase<Schema>) => {
    fresh.createObjectStore('sweeps');
    fresh.createObjectStore('cells');
  };
  return new Database(ownName('experiments'), 'experiment', upgrade, news);
}

const toStored = (setup: ExperimentSetup) => ({
  ...setup,
  axes: setup.axes.map((axis) => ({ ...axis, kind: storedKind(axis.kind) })),
});

/** Experiments in IndexedDB. */
export function openExperimentStorage(news: StorageNews = QUIET): ExperimentStorage {
  const database = experimentsDatabase(news);
  return {
    list: () =>
      database.read(async (db) => {
        const stored = await readEntries(db, 'sweeps');
        const setups = stored.flatMap(({ value }) => readSetup(value) ?? []);
        if (setups.length < stored.length) news.unreadable(stored.length - setups.length);
        const counted = setups.map(async (setup) => ({
          setup,
          done: await db.count('cells', cellsOf(setup.id)),
        }));
        return (await Promise.all(counted)).sort((a, b) => b.setup.createdAt - a.setup.createdAt);
      }),
    async cells(id) {
      const cells = new Map<number, StoredCell>();
      for (const { key, value } of await database.read((db) => readEntries(db, 'cells', cellsOf(id)))) {
        const result = v.safeParse(CellSchema, value);
        if (result.success) cells.set(key[1], result.output);
      }
      return cells;
    },
    save: (setup) =>
      database.change(['sweeps'], function* (change) {
        yield change.objectStore('sweeps').put(toStored(setup), setup.id);
      }),
    saveCell: (setup, cell, done) =>
      database.change(['sweeps', 'cells'], function* (change) {
        // Without its setup, which may have been cleared, nobody finds a cell.
        yield change.objectStore('sweeps').put(toStored(setup), setup.id);
        yield change.objectStore('cells').put(done, [setup.id, cell]);
      }),
    remove: (id) =>
      database.change(['sweeps', 'cells'], function* (change) {
        yield change.objectStore('sweeps').delete(id);
        yield change.objectStore('cells').delete(cellsOf(id));
      }),
  };
}
