import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import type { HubAccess, RepoFile } from '../protocol/models.ts';

/** A repository on the Hub, or one of its files, as a person names it. */
export interface RepoName {
  /** `owner/name`. */
  readonly repo: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  /** A single-file checkpoint in it; null for the repository as a whole. */
  readonly file: string | null;
}

/** What the Hub says about a repository at one commit. */
export interface RepoInfo {
  /** The commit. */
  readonly sha: string;
  readonly licence: string | null;
}

// huggingface_hub, utils/_validators.py, validate_repo_id.
const SEGMENT = /^(?!.*(--|\.\.))[\w](?:[\w.-]{0,94}[\w])?$/;

/**
 * Reads the name of a repository as it is typed or pasted: `owner/name`, `owner/name@revision`, or the address of its page,
 * of a branch, or of a .safetensors file in it.
 * @returns null for anything else
 */
export function parseRepoName(text: string): RepoName | null {
  const path = text
    .trim()
    .replace(/^https?:\/\/[^/]+\//, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  const [owner = '', nameAndRevision = '', ...rest] = path.split('/');
  const [name = '', ownRevision] = nameAndRevision.split('@');
  if (!SEGMENT.test(owner) || !SEGMENT.test(name)) return null;
  const repo = `${owner}/${name}`;
  const revision = (ownRevision || 'main').replaceAll('%2F', '/');
  const [kind, linked = '', ...inside] = rest;
  if (kind === undefined) return { repo, revision, file: null };
  if (kind === 'tree' && linked) return { repo, revision: linked, file: null };
  const isLink = kind === 'blob' || kind === 'resolve';
  const file = (isLink ? inside : rest).join('/');
  if (!/\.safetensors$/i.test(file)) return null;
  return { repo, revision: isLink ? linked : revision, file };
}

const Info = v.object({
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  cardData: v.optional(v.nullable(v.object({ license: v.optional(v.unknown()) }))),
  tags: v.optional(v.array(v.string()), []),
});

const Tree = v.array(
  v.object({
    type: v.string(),
    path: v.string(),
    size: v.optional(v.number(), 0),
    oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
    lfs: v.optional(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), size: v.number() })),
  }),
);

/** Far more pages than a list of files can have; a list that goes on is an error of the server. */
const MAX_PAGES = 50;

/**
 * The commit and the licence of a repository at a revision.
 * @throws AppError repo-not-found, repo-gated, download-failed
 */
export async function repoInfo(
  access: HubAccess,
  { repo, revision }: RepoName,
  signal: AbortSignal,
): Promise<RepoInfo> {
  const url = new URL(`api/models/${repo}/revision/${encodeURIComponent(revision)}`, base(access));
  const { body } = await askHub(access, repo, url, signal);
  const { sha, cardData, tags } = parse(Info, repo, body);
  const tag = tags.find((name) => name.startsWith('license:'))?.slice('license:'.length);
  return { sha, licence: typeof cardData?.license === 'string' ? cardData.license : (tag ?? null) };
}

/**
 * All files of a repository at a commit.
 * @throws AppError repo-not-found, repo-gated, download-failed
 */
export async function listFiles(
  access: HubAccess,
  repo: string,
  sha: string,
  signal: AbortSignal,
): Promise<RepoFile[]> {
  const first = new URL(`api/models/${repo}/tree/${sha}?recursive=true`, base(access));
  const files: RepoFile[] = [];
  let url: URL | null = first;
  for (let page = 0; url && page < MAX_PAGES; page++) {
    const { body, link } = await askHub(access, repo, url, signal);
    for (const { type, path, size, oid, lfs } of parse(Tree, repo, body))
      if (type === 'file') files.push({ path, size: lfs?.size ?? size, oid: lfs?.oid ?? oid });
    url = nextPage(first, link);
  }
  return files;
}

/** The address of a file of a repository. */
export function fileUrl(access: HubAccess, repo: string, sha: string, path: string): URL {
  return new URL(`${repo}/resolve/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`, base(access));
}

const base = ({ endpoint }: HubAccess) => (endpoint.endsWith('/') ? endpoint : `${endpoint}/`);

async function askHub({ token }: HubAccess, repo: string, url: URL, signal: AbortSignal) {
  const failed = (status: string, options?: ErrorOptions) => {
    const details = { file: repo, url: url.href, status };
    return new AppError('download-failed', `${repo} could not be looked up: ${status}.`, details, options);
  };
  const response = await fetch(url, {
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    signal,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw failed('no-response', { cause });
  });
  if (response.ok) {
    const body: unknown = await response.json().catch((cause: unknown) => {
      throw failed('not-json', { cause });
    });
    return { body, link: response.headers.get('link') };
  }
  const isGated = response.headers.get('x-error-code') === 'GatedRepo' || response.status === 403;
  if (isGated) throw new AppError('repo-gated', `${repo} is gated.`, { repo });
  // The Hub answers 401 for a private or missing repository to those who may not read it.
  if (response.status === 401 || response.status === 404)
    throw new AppError('repo-not-found', `${repo} was not found.`, { repo });
  throw failed(String(response.status));
}

/** The next page of a list (RFC 8288). A mirror may give the Hub's own address, so only the query is taken. */
function nextPage(first: URL, link: string | null): URL | null {
  const target = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const next = new URL(first);
  next.search = new URL(target, first).search;
  return next;
}

function parse<const Schema extends v.GenericSchema>(
  schema: Schema,
  repo: string,
  body: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const details = { file: repo, status: 'unexpected-response' };
  throw new AppError(
    'download-failed',
    `${repo} could not be looked up: the server's answer was unexpected.`,
    details,
  );
}
