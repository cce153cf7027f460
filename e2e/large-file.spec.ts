import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { test as base, expect } from './fixtures.ts';

/** A profile on disk: a private window's files are in memory, where a sparse file is as large as any. */
const test = base.extend({
  context: async ({ playwright, browserName, launchOptions, viewport }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'safelight-large-file-'));
    const context = await playwright[browserName].launchPersistentContext(folder, {
      ...launchOptions,
      viewport,
    });
    await use(context);
    await context.close();
    rmSync(folder, { recursive: true });
  },
});

const GOLDEN = new URL('../src/pipeline/golden/single-file/', import.meta.url).pathname;
/** The bytes of a tensor that no model reads, in front of all the others. */
const HOLE = 5_000_000_000;
const ID = 'disk:large.safetensors';
const OID = 'a'.repeat(64);

/** A checkpoint with that tensor in its header: the header with its length, and the tensors that follow the hole. */
function withHole(file: Buffer): { head: Buffer; tensors: Buffer } {
  const end = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(String(file.subarray(8, end))) as Record<string, { data_offsets?: number[] }>;
  const moved = Object.entries(header).map(([name, entry]) => {
    const offsets = entry.data_offsets?.map((offset) => offset + HOLE);
    return [name, offsets ? { ...entry, data_offsets: offsets } : entry];
  });
  const hole = { dtype: 'F4', shape: [2 * HOLE], data_offsets: [0, HOLE] };
  const json = Buffer.from(JSON.stringify({ hole, ...Object.fromEntries(moved) }));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return { head: Buffer.concat([prefix, json]), tensors: file.subarray(end) };
}

/** Puts the checkpoint among the page's models, as if it had been opened from disk. */
async function store(page: Page): Promise<number> {
  const { head, tensors } = withHole(gunzipSync(readFileSync(`${GOLDEN}sd1.safetensors.gz`)));
  const size = head.length + HOLE + tensors.length;
  const defaults = { width: 64, height: 72, numInferenceSteps: 5, guidanceScale: 5, scheduler: 'ddim' };
  const row = {
    ...{ id: ID, type: 'model', label: 'large', repo: null, revision: null, licence: null },
    ...{ files: [{ path: 'large.safetensors', size, oid: OID }], complete: true, family: 'sd1' },
    ...{ className: null, facts: { kind: 'diffusion', defaults, prediction: 'epsilon' } },
    ...{ installedAt: 1, usedAt: null },
  };
  return page.evaluate(
    async ({ head, tensors, offset, oid, row }) => {
      const root = await navigator.storage.getDirectory();
      const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const open = async (folder: string, name: string) => {
        const handle = await root.getDirectoryHandle(encodeURIComponent(`safelight/${folder}`), {
          create: true,
        });
        return handle.getFileHandle(name, { create: true });
      };
      const blob = await open('blobs', oid);
      const file = await blob.createWritable();
      await file.write(bytes(head));
      await file.truncate(offset);
      await file.write({ type: 'write', position: offset, data: bytes(tensors) });
      await file.close();
      const rows = await (await open('models', `${encodeURIComponent(row.id)}.json`)).createWritable();
      await rows.write(JSON.stringify(row));
      await rows.close();
      return (await blob.getFile()).size;
    },
    {
      ...{ head: head.toString('base64'), tensors: tensors.toString('base64') },
      ...{ offset: head.length + HOLE, oid: OID, row },
    },
  );
}

test('a checkpoint of 5 GB, whose tensors are at its end, paints the picture of diffusers', async ({
  app,
  page,
}) => {
  await app.open();
  expect(await store(page)).toBeGreaterThan(HOLE);
  await app.open({
    ...{ model: ID, prompt: 'a red apple on a wooden table', negative: 'blurry', width: 64, height: 72 },
    ...{ steps: 5, guidance: 5, seed: 41, sampler: 'ddim' },
  });
  await app.make();
  const expected = readFileSync(`${GOLDEN}sd1.rgb`);
  const worst = await app.pictures.first().evaluate(
    async (image: HTMLImageElement, rgb) => {
      const bitmap = await createImageBitmap(await (await fetch(image.src)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) as ImageData;
      return rgb.reduce((most, value, i) => {
        const at = 4 * Math.floor(i / 3) + (i % 3);
        return Math.max(most, Math.abs((data[at] as number) - value));
      }, 0);
    },
    [...expected],
  );
  expect(worst).toBeLessThanOrEqual(2);
});
