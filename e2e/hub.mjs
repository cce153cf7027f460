import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';

/**
 * What can be wrong with one file, as often as `times` says.
 * - a number: answered with that status, `retryAfter` seconds asked for
 * - `broken-off`: the connection is cut after `afterBytes`
 * - `stalled`: nothing more comes after `afterBytes`
 * - `no-range`: all of it, whatever range was asked for
 * - `wrong-bytes`: one bit turned
 * - `too-long`: more bytes than were promised
 * - `web-page`: an HTML page with status 200
 * @typedef {object} Fault
 * @property {number | 'broken-off' | 'stalled' | 'no-range' | 'wrong-bytes' | 'too-long' | 'web-page'} kind
 * @property {number} [times] Infinity when not given.
 * @property {number} [afterBytes]
 * @property {number} [retryAfter]
 * @property {Promise<void>} [after] What is waited for before anything is answered.
 */

/**
 * @typedef {object} Sent
 * @property {string} path `owner/name/path`
 * @property {string | undefined} range As asked for.
 * @property {string | undefined} authorization
 * @property {string | undefined} referrer
 * @property {number} status
 * @property {number} bytes Of the body, as far as they were sent.
 * @property {boolean} isOver Whether all is sent, or nobody listens any more.
 */

/**
 * What is asked of a file's bytes: a Buffer, or something that makes them as they are asked for.
 * @typedef {object} RepoFile
 * @property {number} length
 * @property {(from: number, to: number) => Buffer} subarray
 */

/**
 * @typedef {object} Repo
 * @property {Map<string, RepoFile>} files By path.
 * @property {string} [licence]
 * @property {string} [token] Who may read it; without one, anybody.
 */

/** The Hub keeps these, and whatever is large, outside of git. */
const LFS = /\.(safetensors|bin|onnx|onnx_data|ckpt|pb)$/;
const PAGE = 7;
const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,ETag,Link,Accept-Ranges,Content-Range';

/** @param {string} folder @returns {Map<string, Buffer>} */
export function readFolder(folder) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  return new Map(
    paths
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}

const HASHED = 2 ** 22;

/** @param {string} algorithm @param {...(string | RepoFile)} parts */
const hash = (algorithm, ...parts) => {
  const hasher = createHash(algorithm);
  for (const part of parts) {
    if (typeof part === 'string') hasher.update(part);
    else for (let at = 0; at < part.length; at += HASHED) hasher.update(part.subarray(at, at + HASHED));
  }
  return hasher.digest('hex');
};

/** Of files, which may be gigabytes. @type {WeakMap<RepoFile, Record<string, string>>} */
const known = new WeakMap();

/** @param {'sha256' | 'git'} kind @param {RepoFile} file */
function fileHash(kind, file) {
  const hashes = known.get(file) ?? {};
  known.set(file, hashes);
  hashes[kind] ??= kind === 'git' ? hash('sha1', `blob ${file.length}\0`, file) : hash('sha256', file);
  return hashes[kind];
}

/**
 * A server that speaks the Hub's addresses, of another origin than the page: /api/models/…/revision/…, …/tree/…, and
 * /…/resolve/… which sends large files on to a signed address that expires after one use.
 */
export class Hub {
  /** @type {Map<string, Repo>} */
  repos = new Map();
  /** By `owner/name/path`. @type {Map<string, Fault>} */
  faults = new Map();
  /** @type {Sent[]} */
  sent = [];
  /** Milliseconds between pieces of 64 KiB. */
  delayMs = 0;
  /** Bytes of a file, over all requests, after which the next piece waits until this is raised. */
  limit = Number.POSITIVE_INFINITY;
  /** @type {import('node:http').Server} */
  #server;
  #signatures = new Set();
  url = '';

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @returns {Promise<Hub>} */
  static async start() {
    const hub = new Hub();
    await new Promise((resolve) => hub.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    hub.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (hub.#server.address()).port}`;
    return hub;
  }

  /** @returns {Promise<void>} */
  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** The commit of a repository: another content, another commit. @param {string} name */
  sha(name) {
    const { files } = /** @type {Repo} */ (this.repos.get(name));
    return hash('sha1', ...[...files].flatMap(([path, data]) => [path, fileHash('sha256', data)]));
  }

  /** The sha256 of a file. @param {string} path `owner/name/path` */
  oid(path) {
    const [owner, name, ...inside] = path.split('/');
    const repo = /** @type {Repo} */ (this.repos.get(`${owner}/${name}`));
    return fileHash('sha256', /** @type {RepoFile} */ (repo.files.get(inside.join('/'))));
  }

  /** Bytes of a file that were sent, over all requests. @param {string} path */
  bytesSent(path) {
    return this.sent.filter((sent) => sent.path === path).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #answer(request, response) {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Headers', 'Authorization,Range');
      response.writeHead(204).end();
      return;
    }
    const url = new URL(request.url ?? '/', this.url);
    const path = decodeURIComponent(url.pathname);
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/(.+)$/.exec(path);
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const signed = /^\/cdn\/([^/]+\/[^/]+)\/(.+)$/.exec(path);
    const [, name = '', second = '', third = ''] = api ?? resolve ?? signed ?? [];
    const repo = this.repos.get(name);
    if (!repo) return this.#refuse(response, 401, 'RepoNotFound');
    const isAllowed = !repo.token || request.headers.authorization === `Bearer ${repo.token}` || signed;
    if (!isAllowed) return this.#refuse(response, api ? 401 : 401, 'GatedRepo');
    if (api?.[2] === 'revision') return this.#revision(response, name, repo, third);
    if (api) return this.#tree(response, repo, url, name);
    const file = resolve ? third : second;
    const data = repo.files.get(file);
    if (!data) return this.#refuse(response, 404, 'EntryNotFound');
    if (resolve && LFS.test(file)) {
      const signature = hash('sha1', String(Math.random()));
      this.#signatures.add(signature);
      response.writeHead(302, { Location: `${this.url}/cdn/${name}/${file}?signature=${signature}` }).end();
      return;
    }
    if (signed && !this.#signatures.delete(url.searchParams.get('signature')))
      return this.#refuse(response, 403, 'Expired');
    await this.#send(request, response, `${name}/${file}`, data);
  }

  /** @param {import('node:http').ServerResponse} response @param {number} status @param {string} code */
  #refuse(response, status, code) {
    response.writeHead(status, { 'X-Error-Code': code, 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ error: code }));
  }

  /** @param {import('node:http').ServerResponse} response @param {string} name @param {Repo} repo @param {string} revision */
  #revision(response, name, repo, revision) {
    const sha = this.sha(name);
    if (revision !== 'main' && revision !== sha) return this.#refuse(response, 404, 'RevisionNotFound');
    const licence = repo.licence && { license: repo.licence };
    json(response, { id: name, sha, cardData: licence, tags: licence ? [`license:${repo.licence}`] : [] });
  }

  /** @param {import('node:http').ServerResponse} response @param {Repo} repo @param {URL} url @param {string} name */
  #tree(response, repo, url, name) {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const files = [...repo.files].slice(from, from + PAGE);
    const next = new URL(url);
    next.searchParams.set('cursor', String(from + PAGE));
    if (from + PAGE < repo.files.size) response.setHeader('Link', `<${next}>; rel="next"`);
    json(response, [
      ...(from === 0 ? [{ type: 'directory', path: name, size: 0, oid: '0'.repeat(40) }] : []),
      ...files.map(([path, data]) => ({
        type: 'file',
        path,
        size: data.length,
        oid: fileHash('git', data),
        ...(LFS.test(path) && {
          lfs: { oid: fileHash('sha256', data), size: data.length, pointerSize: 135 },
        }),
      })),
    ]);
  }

  /**
   * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
   * @param {string} path @param {RepoFile} whole
   */
  async #send(request, response, path, whole) {
    const fault = this.#take(path);
    /** @type {Sent} */
    const sent = {
      path,
      range: request.headers.range,
      authorization: request.headers.authorization,
      referrer: request.headers.referer,
      status: 200,
      bytes: 0,
      isOver: false,
    };
    this.sent.push(sent);
    response.on('close', () => {
      sent.isOver = true;
    });
    await fault?.after;
    if (typeof fault?.kind === 'number') {
      sent.status = fault.kind;
      response.writeHead(
        fault.kind,
        fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter },
      );
      response.end();
      return;
    }
    if (fault?.kind === 'web-page') {
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
        .end('<!doctype html><p>Sign in</p>');
      return;
    }
    const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const from = first === undefined || fault?.kind === 'no-range' ? 0 : Number(first);
    if (from >= whole.length && whole.length > 0) {
      sent.status = 416;
      response.writeHead(416, { 'Content-Range': `bytes */${whole.length}` }).end();
      return;
    }
    const length = whole.length - from + (fault?.kind === 'too-long' ? 100_000 : 0);
    /** @type {Record<string, string | number>} */
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Content-Length': length,
      'Accept-Ranges': 'bytes',
    };
    if (from > 0) headers['Content-Range'] = `bytes ${from}-${whole.length - 1}/${whole.length}`;
    sent.status = from > 0 ? 206 : 200;
    response.writeHead(sent.status, headers);
    const isCut = fault?.kind === 'broken-off' || fault?.kind === 'stalled';
    const end = from + (isCut ? (fault.afterBytes ?? 0) : length);
    const piece = 2 ** 16;
    for (let at = from; at < end; at += piece) {
      const chunk = Buffer.alloc(Math.min(piece, end - at));
      whole.subarray(at, at + chunk.length).copy(chunk);
      if (fault?.kind === 'wrong-bytes' && at === from) chunk[0] = (chunk[0] ?? 0) ^ 1;
      while (this.bytesSent(path) > this.limit && !response.destroyed)
        await new Promise((resolve) => setTimeout(resolve, 5));
      if (response.destroyed) return;
      await new Promise((resolve) => response.write(chunk, () => resolve(undefined)));
      sent.bytes += chunk.length;
      if (this.delayMs) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    }
    if (fault?.kind === 'broken-off') response.destroy();
    else if (fault?.kind !== 'stalled') response.end();
  }

  /** @param {string} path */
  #take(path) {
    const fault = this.faults.get(path);
    if (!fault) return undefined;
    if (fault.times !== undefined && fault.times <= 0) return undefined;
    if (fault.times !== undefined) fault.times--;
    return fault;
  }
}

/** @param {import('node:http').ServerResponse} response @param {unknown} body */
function json(response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
