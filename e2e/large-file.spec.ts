import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test as base, expect } from './fixtures.ts';
import { readFolder } from './hub.mjs';

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

/** The bytes of a tensor that no model reads, in front of all the others. */
const HOLE = 5_000_000_000;
const ID = 'test/large';
const UNET = 'unet/diffusion_pytorch_model.safetensors';
const MODEL = readFolder(new URL('two-block-model', import.meta.url).pathname);

/** A file with that tensor in its header: the header with its length, and the tensors that follow the hole. */
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

/** Puts the bundled model among the page's own, its UNet in that file, as if it had been downloaded. Gives the file's size. */
async function store(page: Page): Promise<number> {
  const { head, tensors } = withHole(MODEL.get(UNET) as Buffer);
  const offset = head.length + HOLE;
  const blobs = [...MODEL].map(([path, bytes]) => {
    const oid = createHash('sha256').update(path).digest('hex');
    return path === UNET
      ? { path, oid, size: offset + tensors.length, pieces: [head, tensors] }
      : { path, oid, size: bytes.length, pieces: [bytes] };
  });
  const defaults = { width: 64, height: 64, numInferenceSteps: 3, guidanceScale: 3, scheduler: 'ddim' };
  const row = {
    ...{ id: ID, type: 'model', label: 'large', repo: ID, revision: 'a'.repeat(40), licence: null },
    ...{ files: blobs.map(({ path, size, oid }) => ({ path, size, oid })), complete: true, family: 'sd1' },
    ...{ className: null, facts: { kind: 'diffusion', defaults, prediction: null } },
    ...{ installedAt: 1, usedAt: null },
  };
  return page.evaluate(
    async ({ blobs, offset, row }) => {
      const root = await navigator.storage.getDirectory();
      const open = async (folder: string, name: string) => {
        const handle = await root.getDirectoryHandle(encodeURIComponent(`safelight/${folder}`), {
          create: true,
        });
        return handle.getFileHandle(name, { create: true });
      };
      let largest = 0;
      for (const { oid, pieces } of blobs) {
        const handle = await open('blobs', oid);
        const file = await handle.createWritable();
        for (const [i, piece] of pieces.entries()) {
          if (i > 0) await file.truncate(offset);
          const data = Uint8Array.from(atob(piece), (c) => c.charCodeAt(0));
          await file.write({ type: 'write', position: i > 0 ? offset : 0, data });
        }
        await file.close();
        largest = Math.max(largest, (await handle.getFile()).size);
      }
      const rows = await (await open('models', `${encodeURIComponent(row.id)}.json`)).createWritable();
      await rows.write(JSON.stringify(row));
      await rows.close();
      return largest;
    },
    {
      blobs: blobs.map(({ oid, pieces }) => ({
        oid,
        pieces: pieces.map((piece) => piece.toString('base64')),
      })),
      offset,
      row,
    },
  );
}

test('a UNet in a file of 5 GB, its tensors at the end, paints the picture that it paints in a small file', async ({
  app,
  page,
}) => {
  const { bavail, bsize } = statfsSync(tmpdir());
  test.skip(bavail * bsize < 3 * HOLE, 'a browser lets a page store a part of the free space only');
  await app.open({ steps: 1 });
  const [small] = await app.make();
  expect(await store(page)).toBeGreaterThan(HOLE);
  await app.open({ model: ID, steps: 1 });
  const [large] = await app.make();
  expect(large?.parameters).toContain(ID);
  expect(large?.pixels).toBe(small?.pixels);
});
