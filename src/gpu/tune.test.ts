import { expect, test, vi } from 'vitest';
import { gemm } from '../kernels/gemm.ts';
import type { Gemm } from '../kernels/product.ts';
import { GpuRefusal } from './checked.ts';
import { OwnKernels } from './own-kernels.ts';
import { FakeDevice, stubGlobals } from './samples/fake-device.ts';
import { alternativesTo, chooseTile, type TileChoice } from './tiles.ts';
import { openTrial } from './trial.ts';
import { type Measured, type TileStore, type Trial, Tuner, tileName } from './tune.ts';

const product = (rows: number): Gemm => ({
  ...{ rows, columns: 320, rowsPerBatch: rows, out: 'float16' },
  inputs: [{ channels: 320, storage: 'float16' }],
  weight: { kind: 'float16' },
});
const usualOf = ({ rows, columns }: Gemm) => chooseTile(rows, columns, 320);
const FLOPS = 1e11;

/** Where tiles are kept, as the browser has it from one visit to the next. */
function memory(): TileStore & { tiles: Readonly<Record<string, string>> } {
  const store = {
    tiles: {} as Readonly<Record<string, string>>,
    read: async () => store.tiles,
    write: async (tiles: Readonly<Record<string, string>>) => {
      store.tiles = tiles;
    },
  };
  return store;
}

/** A GPU on which a tile takes so long, and whose clock goes on by as much with each measurement. */
function world(
  store: TileStore,
  measured: (name: string, rows: number) => Partial<Measured> | Error | undefined,
  stepMs = 0,
) {
  let at = 0;
  const measures: string[] = [];
  const open: string[] = [];
  const world = {
    store,
    now: () => at,
    open: ({ rows }: Gemm): Trial => {
      open.push(`${rows}`);
      return {
        measure: async ({ tile }: TileChoice) => {
          at += stepMs;
          measures.push(`${rows} ${tileName(tile)}`);
          const found = measured(tileName(tile), rows);
          if (found instanceof Error) throw found;
          return found && { ms: 1, bits: Uint32Array.of(7), ...found };
        },
        release: () => open.splice(open.indexOf(`${rows}`), 1),
      };
    },
  };
  return { world, measures, open };
}

const SIZES = [4096, 1024];
function asked(tuner: Tuner): string[] {
  tuner.begin();
  return SIZES.map((rows) =>
    tileName(tuner.tileFor(product(rows), usualOf(product(rows)), rows === 4096 ? FLOPS : 1).tile),
  );
}
const USUAL = SIZES.map((rows) => tileName(usualOf(product(rows)).tile));

test('the fastest tile is taken that computes the same bits, and is at hand at the next visit', async () => {
  const store = memory();
  const fast: Record<string, Partial<Measured>> = {
    '64×128/4×8': { ms: 0.5 },
    '32×32/2×4': { ms: 0.1, bits: Uint32Array.of(8) },
    '128×128/8×8': { ms: 0.7 },
  };
  const { world: gpu, open } = world(store, (name) => fast[name] ?? {});
  const tuner = new Tuner(gpu);
  expect(asked(tuner)).toEqual(USUAL);
  expect(await tuner.tune()).toBe(true);
  expect(asked(tuner)).toEqual(['64×128/4×8', '64×128/4×8']);
  expect(await tuner.tune()).toBe(false);
  expect(open).toEqual([]);

  const later = world(store, () => ({}));
  const again = new Tuner(later.world);
  asked(again);
  expect(await again.tune()).toBe(true);
  expect(asked(again)).toEqual(['64×128/4×8', '64×128/4×8']);
  expect(later.measures).toEqual([]);
});

test('what saves less than a twentieth is chance, and what does not compile is left out', async () => {
  const { world: gpu } = world(memory(), (name) =>
    name === '64×64/8×8' ? undefined : { ms: name === USUAL[0] ? 1 : 0.97 },
  );
  const tuner = new Tuner(gpu);
  asked(tuner);
  expect(await tuner.tune()).toBe(false);
  expect(asked(tuner)).toEqual(USUAL);
});

test('the trials end with their budget, and what was not reached is not tried again', async () => {
  const store = memory();
  const { world: gpu, measures } = world(store, (name) => ({ ms: name === '32×32/2×4' ? 0.1 : 1 }), 300);
  const tuner = new Tuner(gpu);
  asked(tuner);
  expect(await tuner.tune()).toBe(false);
  // The costliest product until 900 ms, when another tile would be too late, and of the next the usual one.
  expect(measures.map((measure) => measure.split(' ')[0])).toEqual(['4096', '4096', '4096', '1024']);
  expect(Object.keys(store.tiles)).toHaveLength(2);
  const later = world(store, () => ({}));
  const again = new Tuner(later.world);
  asked(again);
  expect(await again.tune()).toBe(false);
  expect(later.measures).toEqual([]);
});

test('a small model is not worth any', async () => {
  const store = memory();
  const { world: gpu, measures } = world(store, () => ({}));
  const tuner = new Tuner(gpu);
  tuner.begin();
  tuner.tileFor(product(64), usualOf(product(64)), FLOPS / 2);
  expect(await tuner.tune()).toBe(false);
  expect(measures).toEqual([]);
});

test.each([
  ['memory runs out', true],
  ['the GPU does not take a trial', false],
])('where %s the usual tile stays', async (_, isMemory) => {
  const full = world(memory(), () => new GpuRefusal('no', isMemory));
  const tuner = new Tuner(full.world);
  asked(tuner);
  expect(await tuner.tune()).toBe(false);
  expect(full.open).toEqual([]);
});

test('a device that is lost ends the trials as what it is', async () => {
  const lost = world(memory(), () => new DOMException('mapping was aborted', 'AbortError'));
  const other = new Tuner(lost.world);
  asked(other);
  await expect(other.tune()).rejects.toThrow('mapping was aborted');
  expect(lost.open).toEqual([]);
});

test.each([
  1, 3,
])('every tile that may stand for another parts the inner axis alike (%d splits)', (splits) => {
  const wide: Gemm = { ...product(4096), inputs: [{ channels: 1284, storage: 'float16' }] };
  const { tile } = chooseTile(4096, 320, 1284);
  const [usual, ...others] = [tile, ...alternativesTo(tile)].map((one) => gemm(wide, one, splits));
  expect(others).toHaveLength(6);
  for (const kernels of others) {
    expect(kernels.map(({ uniforms }) => [...uniforms])).toEqual(usual?.map(({ uniforms }) => [...uniforms]));
    expect(kernels[1]?.code).toBe(usual?.[1]?.code);
  }
  // Few rows have a tile of their own, of another depth.
  expect(alternativesTo(chooseTile(2, 320, 320).tile)).toEqual([]);
});

test('a processor that plays a GPU is never tried', () => {
  stubGlobals();
  const store = { read: vi.fn(), write: vi.fn() };
  const device = Object.assign(new FakeDevice(), { features: new Set<string>() });
  new OwnKernels(device.asDevice, true, { tiles: store });
  expect(device.created).toBe(0);
  expect(store.read).not.toHaveBeenCalled();
});

test('a trial frees what it allocated, also where the device is lost within it', async () => {
  stubGlobals();
  const device = new FakeDevice();
  const trial = openTrial(device.asDevice, () => ({ read: async () => 2 }), product(64), 1);
  const choice = { tile: chooseTile(64, 320, 320).tile, splits: 1 };
  expect((await trial.measure(choice))?.ms).toBeGreaterThan(0);
  expect(device.live.size).toBeGreaterThan(0);
  device.caught.set('out-of-memory', { message: 'full' });
  await expect(trial.measure(choice)).rejects.toBeInstanceOf(GpuRefusal);
  trial.release();
  expect([device.live.size, device.lostWrites]).toEqual([0, 0]);

  const lost = openTrial(
    device.asDevice,
    () => ({ read: () => Promise.reject(new DOMException('gone', 'AbortError')) }),
    product(64),
    1,
  );
  await expect(lost.measure(choice)).rejects.toThrow('gone');
  lost.release();
  expect(device.live.size).toBe(0);
});
