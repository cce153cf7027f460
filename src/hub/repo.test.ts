import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { openServedRepo, parseJson } from './repo.ts';

const WEIGHTS = Buffer.from(Float32Array.from({ length: 50_000 }, (_, i) => Math.sin(i)).buffer);
const CONFIG = Buffer.from('{"sample_size": 16}');
const FILES: Record<string, Buffer> = { 'unet/config.json': CONFIG, 'unet/model.safetensors': WEIGHTS };
const entry = (path: string, data: Buffer) => ({
  path,
  size: data.length,
  sha256: createHash('sha256').update(data).digest('hex'),
});
const MANIFEST = JSON.stringify({ files: Object.entries(FILES).map(([path, data]) => entry(path, data)) });
const nothing = () => {};

let close = nothing;
afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

/** Serves the repository under /models/tiny/. @param faulty answers for the paths it names */
async function serve(faulty: Record<string, RequestListener> = {}): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url?.replace('/models/tiny/', '') ?? '';
    const data = path === 'manifest.json' ? MANIFEST : FILES[path];
    if (faulty[path]) faulty[path](request, response);
    else response.writeHead(data ? 200 : 404).end(data);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/tiny/`;
}

const answers =
  (body: string | Buffer, type = 'application/octet-stream', status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': type }).end(body);

test('files arrive unchanged, and every byte is counted once', async () => {
  const heard: [number, number][] = [];
  const repo = await openServedRepo(await serve());
  await repo.file('unet/config.json');
  expect(heard, 'a single file is not reported').toEqual([]);
  repo.fetchAll((loaded, total) => heard.push([loaded, total]));
  expect(repo.has('unet/config.json')).toBe(true);
  expect(repo.has('vae/config.json')).toBe(false);
  expect(await repo.json('unet/config.json')).toEqual({ sample_size: 16 });
  const blob = await repo.file('unet/model.safetensors');
  expect(Buffer.from(await blob.arrayBuffer()).equals(WEIGHTS)).toBe(true);

  const total = WEIGHTS.length + CONFIG.length;
  expect(heard.at(-1)).toEqual([total, total]);
  expect(heard.map(([loaded]) => loaded)).toEqual(heard.map(([loaded]) => loaded).toSorted((a, b) => a - b));
});

const flipped = Buffer.from(WEIGHTS);
flipped.writeUInt8(WEIGHTS.readUInt8(777) ^ 1, 777);
const brokenOff: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': WEIGHTS.length });
  response.write(WEIGHTS.subarray(0, 1000), () => response.destroy());
};

test.each([
  ['missing', answers('', 'text/plain', 404), 'download-failed', { status: '404' }],
  ['a web page', answers('<!doctype html>', 'text/html; charset=utf-8'), 'download-failed', {}],
  ['a lost connection', brokenOff, 'download-failed', { status: 'connection-lost' }],
  [
    'cut short',
    answers(WEIGHTS.subarray(4)),
    'corrupt-file',
    { expected: '200000 bytes', found: '199996 bytes' },
  ],
  ['off by one bit', answers(flipped), 'corrupt-file', { expected: expect.stringContaining('sha256') }],
] as const)('a file that is %s is named in the error, and the others still arrive', async (_, answer, code, details) => {
  const repo = await openServedRepo(await serve({ 'unet/model.safetensors': answer }));
  repo.fetchAll(nothing);
  await expect(repo.file('unet/model.safetensors')).rejects.toMatchObject({
    code,
    details: { file: 'unet/model.safetensors', ...details },
  });
  expect(await repo.json('unet/config.json')).toEqual({ sample_size: 16 });
});

test('where the browser cannot hash, only the size is checked', async () => {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('crypto', {});
  const answer = { 'unet/model.safetensors': answers(flipped), 'unet/config.json': answers('{}') };
  const repo = await openServedRepo(await serve(answer));
  expect((await repo.file('unet/model.safetensors')).size).toBe(WEIGHTS.length);
  await expect(repo.file('unet/config.json')).rejects.toMatchObject({ code: 'corrupt-file' });
});

test('a server that doesn’t answer is a failed download', async () => {
  const url = await serve();
  close();
  await expect(openServedRepo(url)).rejects.toMatchObject({
    code: 'download-failed',
    details: { file: 'manifest.json', status: 'no-response' },
  });
});

test.each([
  ['is missing', answers('', 'text/plain', 404), 'download-failed'],
  ['is not JSON', answers('{"files": ['), 'corrupt-file'],
  ['lists no files', answers('{"files": {}}'), 'corrupt-file'],
  ['has no hashes', answers('{"files": [{"path": "a", "size": 1, "sha256": "b"}]}'), 'corrupt-file'],
] as const)('a manifest that %s is named in the error', async (_, answer, code) => {
  const url = await serve({ 'manifest.json': answer });
  await expect(openServedRepo(url)).rejects.toMatchObject({
    code,
    details: { file: 'manifest.json' },
  });
});

test('a file that isn’t JSON is named in the error', async () => {
  const repo = await openServedRepo(await serve());
  await expect(repo.json('unet/model.safetensors')).rejects.toMatchObject({
    code: 'corrupt-file',
    details: { file: 'unet/model.safetensors', expected: 'JSON' },
  });
});

test('JSON as Python writes it is read', () => {
  const json = parseJson('scheduler_config.json', '{"lambda_min_clipped": -Infinity, "x": NaN}');
  expect(json).toEqual({ lambda_min_clipped: Number.NEGATIVE_INFINITY, x: Number.NaN });
});

test('a file that isn’t in the manifest is not requested', async () => {
  const repo = await openServedRepo(await serve());
  await expect(repo.file('vae/config.json')).rejects.toMatchObject({
    code: 'download-failed',
    details: { file: 'vae/config.json', status: 'not-listed' },
  });
});
