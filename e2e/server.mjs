import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/**
 * What can be wrong with one file: `missing` answers 404, `truncated` ends in the middle, `corrupted` has one bit of
 * its middle byte turned.
 * @typedef {'missing' | 'truncated' | 'corrupted'} Fault
 */

/**
 * @typedef {object} StaticServer
 * @property {string} url The folder's address, with a slash at the end.
 * @property {Map<string, string>} overlays Folders that stand in for others: URL path → folder; read at each request.
 * @property {Map<string, Fault>} faults By path, `/models/trinket/unet/config.json`; read at each request.
 * @property {Map<string, (body: Buffer) => Buffer>} replaced By path: what is served in a file's place.
 * @property {Map<string, Promise<void>>} held By path: when a file may be answered.
 * @property {boolean} isDown Whether every connection is cut off: for a browser with this server alone, a lost network.
 * @property {() => Promise<void>} close
 */

/** @type {Record<string, string>} */
const MIME = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/**
 * The headers a static host sets from the `_headers` file of the build, so that what is shipped is what is tested.
 * @param {string} root
 */
function shippedHeaders(root) {
  const lines = readFileSync(join(root, '_headers'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, name, value] = /^\s+([\w-]+):\s*(.+)$/.exec(line) ?? [];
    return name && value ? [/** @type {[string, string]} */ ([name, value])] : [];
  });
}

/**
 * @param {Buffer} bytes
 * @param {Fault | undefined} fault
 */
function damaged(bytes, fault) {
  const middle = bytes.length >> 1;
  if (fault === 'truncated') return bytes.subarray(0, middle);
  if (fault !== 'corrupted') return bytes;
  const copy = Buffer.from(bytes);
  copy[middle] = (copy[middle] ?? 0) ^ 0x10;
  return copy;
}

/**
 * Serves a built app on a free port of localhost.
 * @param {string} root The build's folder.
 * @param {Readonly<Record<string, string>>} [instead] Folders that stand in for others from the beginning.
 * @param {string} [bare] A folder on a host that sends no headers: what is asked for outside of it is not there.
 * @returns {Promise<StaticServer>}
 */
export async function serve(root, instead = {}, bare) {
  const headers = bare ? [] : shippedHeaders(root);
  const overlays = new Map(Object.entries(instead));
  /** @type {Map<string, Fault>} */
  const faults = new Map();
  /** @type {Map<string, (body: Buffer) => Buffer>} */
  const replaced = new Map();
  /** @type {Map<string, Promise<void>>} */
  const held = new Map();

  /** @param {string} path */
  const locate = (path) => {
    const [over, folder] = [...overlays].find(([prefix]) => path.startsWith(`${prefix}/`)) ?? ['', root];
    return join(folder, path.slice(over.length));
  };

  const server = createServer(async (request, response) => {
    if (site.isDown) {
      response.destroy();
      return;
    }
    for (const [name, value] of headers) response.setHeader(name, value);
    const asked = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const inside = bare ? (asked.startsWith(`/${bare}/`) ? asked.slice(bare.length + 1) : '/nowhere') : asked;
    const path = inside.endsWith('/') ? `${inside}index.html` : inside;
    const file = locate(path);
    await held.get(path);
    const fault = faults.get(path);
    if (fault === 'missing' || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
      return;
    }
    const whole = readFileSync(file);
    const body = damaged(replaced.get(path)?.(whole) ?? whole, fault);
    const type = MIME[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  /** @type {StaticServer} */
  const site = {
    url: `http://127.0.0.1:${address.port}/${bare ? `${bare}/` : ''}`,
    overlays,
    faults,
    replaced,
    held,
    isDown: false,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
  return site;
}
