import { strFromU8, strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { picturesInZip } from './gallery-zip.ts';
import { readZipEntries, unzipEntry, type ZipEntry } from './zip-entries.ts';

// Zips by fflate, and by Python's zipfile (in hexadecimal).

const zipOf = (files: Readonly<Record<string, Uint8Array>>, level: 0 | 9 = 9) =>
  new Blob([new Uint8Array(zipSync(files, { level }))]);
const entryIn = async (zip: Blob): Promise<ZipEntry> => (await readZipEntries(zip))[0] as ZipEntry;
/** Numbers that no packer makes shorter by more than a few times. */
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 27);

test.each([0, 9] as const)('files packed at level %d are read as they were', async (level) => {
  const files = { 'a.png': noise(100_000), 'deep/ä.webp': strToU8('two'), 'c.jpg': new Uint8Array() };
  const zip = zipOf(files, level);
  for (const entry of await readZipEntries(zip)) {
    const read = await unzipEntry(zip, entry, 'image/png');
    expect(read.type).toBe('image/png');
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(files[entry.name as keyof typeof files]);
  }
});

test.each([
  ['something else', 'notes.txt', { kind: 'zip-without-pictures' }],
  // What torch.save writes: a zip whose first file is the pickle.
  ['a checkpoint by PyTorch', 'archive/data.pkl', { kind: 'not-a-picture', found: 'pickle' }],
])('a zip of %s has no pictures, and is called what it is', async (_, name, details) => {
  await expect(picturesInZip(zipOf({ [name]: strToU8('text') }, 0))).rejects.toMatchObject({ details });
});

test('a file that is not packed is not copied', async () => {
  const zip = zipOf({ 'a.png': noise(1000) }, 0);
  const slices: number[] = [];
  const watched = Object.assign(zip, {
    slice: (...of: Parameters<Blob['slice']>) => {
      const part = Blob.prototype.slice.apply(zip, of);
      part.arrayBuffer = () => {
        slices.push(part.size);
        return Blob.prototype.arrayBuffer.apply(part);
      };
      return part;
    },
  });
  const [picture] = await picturesInZip(watched);
  slices.length = 0;
  expect((await picture?.open())?.file.size).toBe(1000);
  expect(slices).toEqual([30]);
});

test('a zip of zeros is refused file by file, by how little it is packed from', async () => {
  const zip = zipOf({ 'zeros.png': new Uint8Array(5e6), 'a.png': noise(500) });
  const [zeros, other] = await picturesInZip(zip);
  await expect(zeros?.open()).rejects.toMatchObject({ details: { kind: 'not-unpacked' } });
  await expect(other?.open()).resolves.toMatchObject({ row: null });
});

const tooLong = { ...{ code: 'unsupported-image' }, details: { kind: 'not-unpacked' } };

test('a file that unpacks to more or less than its directory says is refused', async () => {
  const zip = zipOf({ 'a.png': noise(50_000) });
  const entry = await entryIn(zip);
  for (const size of [entry.size - 1, entry.size + 1, 0])
    await expect(unzipEntry(zip, { ...entry, size }, '')).rejects.toMatchObject(tooLong);
});

test.each([
  ['encrypted', { isEncrypted: true }],
  ['packed in another way', { method: 12 }],
  ['elsewhere', { start: 3 }],
  ['behind the end', { start: 1e9 }],
  ['cut off', { packedSize: 1e6 }],
])('a file that is %s is refused', async (_, change) => {
  const zip = zipOf({ 'a.png': noise(500) });
  const entry = { ...(await entryIn(zip)), ...change };
  await expect(unzipEntry(zip, entry, '')).rejects.toMatchObject(tooLong);
});

test('a zip whose files share their bytes is refused', async () => {
  const zip = new Uint8Array(zipSync({ 'a.png': noise(5000) }, { level: 0 }));
  const view = new DataView(zip.buffer);
  const end = zip.length - 22;
  const start = view.getUint32(end + 16, true);
  const entry = zip.slice(start, end);
  const tail = zip.slice(end);
  new DataView(tail.buffer).setUint32(12, 2 * entry.length, true);
  await expect(readZipEntries(new Blob([zip.slice(0, start), entry, entry, tail]))).rejects.toMatchObject({
    details: { kind: 'damaged-zip' },
  });
});

test('a zip of Python’s zipfile with a comment, as its own reader lists it', async () => {
  const zip = new Blob([Uint8Array.from(Buffer.from(PYTHON, 'hex'))]);
  const entries = await readZipEntries(zip);
  expect(entries.map(({ name, size, method }) => [name, size, method])).toEqual(PYTHON_LISTS);
  const read = await Promise.all(entries.map((entry) => unzipEntry(zip, entry, '')));
  expect(
    await Promise.all(read.map(async (blob) => strFromU8(new Uint8Array(await blob.arrayBuffer())))),
  ).toEqual(['x'.repeat(40), 'stored']);
});

// python3 -c: zipfile.ZipFile with ZipInfo(date_time=(2026, 1, 1, 0, 0, 0)), one deflated, one stored; comment=b'PK is a comment'.
const PYTHON = [
  '504b03041400000008000000215cf0711ac4060000002800000005000000612e706e67aba8200e0000504b0304140000',
  '0800000000215c0bf9435606000000060000000d0000006f72646e65722fc3bc2e706e6773746f726564504b01021403',
  '1400000008000000215cf0711ac40600000028000000050000000000000000000000800100000000612e706e67504b01',
  '0214031400000800000000215c0bf9435606000000060000000d00000000000000000000008001290000006f72646e65',
  '722fc3bc2e706e67504b050600000000020002006e0000005a0000000f00504b206973206120636f6d6d656e74',
].join('');
const PYTHON_LISTS = [
  ['a.png', 40, 8],
  ['ordner/ü.png', 6, 0],
];
