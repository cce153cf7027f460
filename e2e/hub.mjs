import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';
import { fileHash, hash } from './file-hash.mjs';

/**
 * What can be wrong with one file, as often as `times` says.
 * - a number: answered with that status and the header `Retry-After`, which the page may read, as from a mirror
 * - `broken-off`: the connection is cut after `afterBytes`
 * - `stalled`: nothing more comes after `afterBytes`
 * - `no-range`: all of it, whatever range was asked for
 * - `wrong-bytes`: one bit turned
 * - `too-long`: more bytes than were promised
 * - `web-page`: an HTML page with status 200
 * - `ring`: sent on to another address of its own, and from there back, for ever
 * - `drip`: after `afterBytes` one byte at a time, for ever: the next when `drip()` is called
 * @typedef {object} Fault
 * @property {number | 'broken-off' | 'stalled' | 'no-range' | 'wrong-bytes' | 'too-long' | 'web-page' | 'ring' | 'drip'} kind
 * @property {number} [times] Infinity when not given.
 * @property {number} [afterBytes]
 * @property {number | string} [retryAfter]
 * @property {Promise<void>} [after] What is waited for before anything is answered.
 * @property {boolean} [sparesHeaders] Whether requests for a stretch with an end, such as a header, are answered as they should be.
 */

/**
 * @typedef {object} Sent
 * @property {string} path `owner/name/path`
 * @property {string | undefined} range As asked for.
 * @property {string | undefined} authorization
 * @property {boolean} isAtCdn Whether it is asked of the other origin that large files are sent on to.
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
 * @property {Map<string, Map<string, RepoFile>>} [revisions] The files of other revisions than main, by their names.
 * @property {string} [licence]
 * @property {string} [token] Who may read its files; without one, anybody.
 * @property {boolean} [isPrivate] Whether others may not even know that it is there.
 */

/** The Hub keeps these, and whatever is large, outside of git. */
const LFS = /\.(safetensors|bin|onnx|onnx_data|ckpt|pb)$/;
const PAGE = 7;
/** What the Hub lets a page read (seen in October 2026). `Retry-After` is not among it; a mirror may add it. */
const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,' +
  'X-Linked-Size,X-Linked-ETag,X-Xet-Hash';

/** @param {string} folder @returns {Map<string, Buffer>} */
export function readFolder(folder) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  return new Map(
    paths
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}

/** A revision in an address: percent-encoded, but a reference's slashes may stand as they are. */
const REVISION = '(refs/(?:pr|convert)/[^/]+|[^/]+)';
const API = new RegExp(`^/api/models/([^/]+/[^/]+)/(revision|tree)/${REVISION}$`);
const SIGNED = /^\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/;
const RESOLVE = new RegExp(`^/([^/]+/[^/]+)/resolve/${REVISION}/(.+)$`);

/**
 * A server that speaks the Hub's addresses, of another origin than the page: /api/models/…/revision/…, …/tree/…, and
 * /…/resolve/… which sends large files on to a signed address that expires after one use, at a third origin: the CDN, which
 * takes no access token. What it refuses, and in which words, is as huggingface_hub expects it of the Hub (utils/_http.py,
 * hf_raise_for_status).
 */
export class Hub {
  /** @type {Map<string, Repo>} */
  repos = new Map();
  /** By `owner/name/path`. @type {Map<string, Fault>} */
  faults = new Map();
  /** Tokens of people who may read no repository with a token of its own. @type {Set<string>} */
  tokens = new Set();
  /** @type {Sent[]} */
  sent = [];
  /** What `/api/models` lists, as huggingface_hub's ModelInfo reads it; only what is asked for by `expand` is sent. @type {Record<string, unknown>[]} */
  listed = [];
  /** The questions of `/api/models`. @type {URLSearchParams[]} */
  searches = [];
  /** What `/api/models` answers instead. @type {{ status: number, body: string } | null} */
  searchFault = null;
  /** Milliseconds between pieces of 64 KiB. */
  delayMs = 0;
  /** Bytes of a file, over all requests, after which the next piece waits until this is raised. */
  limit = Number.POSITIVE_INFINITY;
  /** Sends the next byte of the last answer that drips. */
  drip = () => {};
  /** @type {import('node:http').Server} */
  #server;
  /** @type {import('node:http').Server} */
  #cdn;
  #signatures = new Set();
  url = '';
  /** Of another origin than `url`, as the real one's. */
  cdnUrl = '';

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#cdn = createServer((request, response) => void this.#answer(request, response));
  }

  /** @returns {Promise<Hub>} */
  static async start() {
    const hub = new Hub();
    hub.url = await listen(hub.#server);
    hub.cdnUrl = await listen(hub.#cdn);
    return hub;
  }

  /** @returns {Promise<void>} */
  async close() {
    for (const server of [this.#server, this.#cdn]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(() => resolve(undefined)));
    }
  }

  /** The commit of a revision: another content, another commit. @param {string} name @param {string} [revision] */
  sha(name, revision = 'main') {
    const { files, revisions } = /** @type {Repo} */ (this.repos.get(name));
    const all = revisions?.get(revision) ?? files;
    return hash('sha1', ...[...all].flatMap(([path, data]) => [path, fileHash('sha256', data)]));
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
    const isAtCdn = request.socket.localPort === Number(new URL(this.cdnUrl).port);
    const url = new URL(request.url ?? '/', isAtCdn ? this.cdnUrl : this.url);
    if (url.pathname.startsWith('/ring/'))
      return void response
        .writeHead(302, { Location: url.pathname.replace(/\d$/, (step) => String(1 - Number(step))) })
        .end();
    const token = request.headers.authorization?.replace('Bearer ', '');
    // As S3 does with what its signature does not know.
    if (isAtCdn && token !== undefined)
      return this.#refuse(response, 400, null, 'Only one auth mechanism allowed');
    if (token !== undefined && !this.#isToken(token))
      return this.#refuse(response, 401, null, 'Invalid credentials in Authorization header');
    if (url.pathname === '/api/models') return this.#search(response, url.searchParams);
    const api = API.exec(url.pathname);
    const resolve = RESOLVE.exec(url.pathname);
    const signed = isAtCdn ? SIGNED.exec(url.pathname) : null;
    const [name = '', second = '', third = ''] = (api ?? resolve ?? signed ?? [])
      .slice(1)
      .map(decodeURIComponent);
    const repo = this.repos.get(name);
    const mayRead = !repo?.token || token === repo.token || signed;
    if (!repo || (repo.isPrivate && !mayRead))
      return token === undefined
        ? this.#refuse(response, 401, null, 'Invalid username or password.')
        : this.#refuse(response, 404, 'RepoNotFound', 'Repository not found');
    const revision = api ? third : second;
    const revisions = new Map([['main', repo.files], ...(repo.revisions ?? [])]);
    const known = [...revisions.keys()].find((it) => it === revision || this.sha(name, it) === revision);
    const files = revisions.get(known ?? '');
    if (known === undefined || !files)
      return this.#refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    const sha = this.sha(name, known);
    if (api?.[2] === 'revision') return this.#revision(response, name, repo, sha);
    if (api) return this.#tree(response, files, url, name);
    // Who may not read a gated repository's files may know of them.
    if (resolve && !mayRead)
      return this.#refuse(
        response,
        token === undefined ? 401 : 403,
        'GatedRepo',
        `Access to ${name} is restricted`,
      );
    const data = files.get(third);
    if (!data) return this.#refuse(response, 404, 'EntryNotFound', 'Entry not found');
    if (resolve && LFS.test(third)) {
      const signature = hash('sha1', String(Math.random()));
      this.#signatures.add(signature);
      const path = third.split('/').map(encodeURIComponent).join('/');
      const location = `${this.cdnUrl}/${name}/${sha}/${path}?signature=${signature}`;
      response.writeHead(302, { Location: location }).end();
      return;
    }
    if (signed && !this.#signatures.delete(url.searchParams.get('signature')))
      return this.#refuse(response, 403, null, 'Expired');
    await this.#send(request, response, `${name}/${third}`, data);
  }

  /** @param {string} token */
  #isToken(token) {
    return this.tokens.has(token) || [...this.repos.values()].some((repo) => repo.token === token);
  }

  /**
   * @param {import('node:http').ServerResponse} response @param {number} status @param {string | null} code
   * @param {string} message
   */
  #refuse(response, status, code, message) {
    const headers = { 'X-Error-Message': message, 'Content-Type': 'application/json' };
    response.writeHead(status, code === null ? headers : { ...headers, 'X-Error-Code': code });
    response.end(JSON.stringify({ error: message }));
  }

  /** @param {import('node:http').ServerResponse} response @param {URLSearchParams} asked */
  #search(response, asked) {
    this.searches.push(asked);
    if (this.searchFault) return void response.writeHead(this.searchFault.status).end(this.searchFault.body);
    const words = (asked.get('search') ?? '').toLowerCase();
    const found = this.listed.filter(
      ({ id, pipeline_tag }) =>
        String(id).toLowerCase().includes(words) && pipeline_tag === asked.get('pipeline_tag'),
    );
    const sent = ['_id', 'id', ...asked.getAll('expand')];
    json(
      response,
      found
        .slice(0, Number(asked.get('limit')))
        .map((entry) => Object.fromEntries(Object.entries(entry).filter(([name]) => sent.includes(name)))),
    );
  }

  /** @param {import('node:http').ServerResponse} response @param {string} name @param {Repo} repo @param {string} sha */
  #revision(response, name, repo, sha) {
    const licence = repo.licence && { license: repo.licence };
    json(response, { id: name, sha, cardData: licence, tags: licence ? [`license:${repo.licence}`] : [] });
  }

  /** @param {import('node:http').ServerResponse} response @param {Map<string, RepoFile>} all @param {URL} url @param {string} name */
  #tree(response, all, url, name) {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const files = [...all].slice(from, from + PAGE);
    const next = new URL(url);
    next.searchParams.set('cursor', String(from + PAGE));
    if (from + PAGE < all.size) response.setHeader('Link', `<${next}>; rel="next"`);
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
    const fault = this.#take(path, /^bytes=\d+-\d+$/.test(request.headers.range ?? ''));
    /** @type {Sent} */
    const sent = {
      path,
      range: request.headers.range,
      authorization: request.headers.authorization,
      isAtCdn: request.socket.localPort === Number(new URL(this.cdnUrl).port),
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
      if (fault.retryAfter !== undefined)
        response
          .setHeader('Retry-After', fault.retryAfter)
          .setHeader('Access-Control-Expose-Headers', `${EXPOSED},Retry-After`);
      response.writeHead(fault.kind).end();
      return;
    }
    if (fault?.kind === 'ring') {
      sent.status = 302;
      response.writeHead(302, { Location: '/ring/0' }).end();
      return;
    }
    if (fault?.kind === 'web-page') {
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
        .end('<!doctype html><p>Sign in</p>');
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const isRange = first !== undefined && fault?.kind !== 'no-range';
    const from = isRange ? Number(first) : 0;
    const until = isRange && last ? Math.min(Number(last) + 1, whole.length) : whole.length;
    if (from >= whole.length && whole.length > 0) {
      sent.status = 416;
      response.writeHead(416, { 'Content-Range': `bytes */${whole.length}` }).end();
      return;
    }
    const length = until - from + (fault?.kind === 'too-long' ? 100_000 : 0);
    /** @type {Record<string, string | number>} */
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Content-Length': length,
      'Accept-Ranges': 'bytes',
    };
    if (isRange) headers['Content-Range'] = `bytes ${from}-${until - 1}/${whole.length}`;
    sent.status = isRange ? 206 : 200;
    response.writeHead(sent.status, headers);
    const isCut = fault && ['broken-off', 'stalled', 'drip'].includes(String(fault.kind));
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
    if (fault?.kind === 'drip')
      this.drip = () => {
        response.write(whole.subarray(from + sent.bytes, from + sent.bytes + 1));
        sent.bytes++;
      };
    else if (fault?.kind === 'broken-off') response.destroy();
    else if (fault?.kind !== 'stalled') response.end();
  }

  /** @param {string} path @param {boolean} isStretch Whether only a stretch with an end is asked for. */
  #take(path, isStretch) {
    const fault = this.faults.get(path);
    if (!fault || (fault.sparesHeaders && isStretch)) return undefined;
    if (fault.times !== undefined && fault.times <= 0) return undefined;
    if (fault.times !== undefined) fault.times--;
    return fault;
  }
}

/** Gives its origin. @param {import('node:http').Server} server @returns {Promise<string>} */
async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
}

/** @param {import('node:http').ServerResponse} response @param {unknown} body */
function json(response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
