import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import type { HubAccess, RepoFile } from '../protocol/models.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import { Connection, RetryableError } from './connection.ts';
import { authorization, refusal } from './refusal.ts';
import type { RepoName } from './repo-name.ts';
import { RepoPath } from './repo-path.ts';

/** What the Hub says about a repository at one commit. */
export interface RepoInfo {
  /** The commit. */
  readonly sha: string;
  readonly licence: string | null;
}

const Info = v.object({
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  cardData: v.optional(v.nullable(v.object({ license: v.optional(v.unknown()) }))),
  tags: v.optional(v.array(v.string()), []),
});

/** Bytes of a file; a server may say anything, and NaN and Infinity are read as numbers. */
const Size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Tree = v.array(
  v.object({
    type: v.string(),
    path: RepoPath,
    size: v.optional(Size, 0),
    oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
    lfs: v.optional(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), size: Size })),
  }),
);

/** Far more than what is known of fifty thousand files; what goes on is no answer. */
const MAX_ANSWER_BYTES = 32_000_000;
/** Far more pages than a list of files can have; a list that goes on is an error of the server. */
const MAX_PAGES = 50;

/**
 * The commit and the licence of a repository at a revision.
 * @throws AppError repo-not-found, revision-not-found, repo-gated, token-refused, download-failed
 */
export async function repoInfo(access: HubAccess, name: RepoName, signal: AbortSignal): Promise<RepoInfo> {
  const { repo, revision } = name;
  const url = new URL(`api/models/${repo}/revision/${encodeURIComponent(revision)}`, base(access));
  const { body } = await askAbout(access, name, url, signal);
  const { sha, cardData, tags } = parse(Info, repo, body);
  const tag = tags.find((name) => name.startsWith('license:'))?.slice('license:'.length);
  return { sha, licence: typeof cardData?.license === 'string' ? cardData.license : (tag ?? null) };
}

/**
 * All files of a repository at a commit.
 * @throws AppError repo-not-found, revision-not-found, repo-gated, token-refused, download-failed
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
    const { body, link } = await askAbout(access, { repo, revision: sha }, url, signal);
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

/** The address that those of a server's API are relative to. */
export const base = ({ endpoint }: HubAccess) => (endpoint.endsWith('/') ? endpoint : `${endpoint}/`);

type Repo = Pick<RepoName, 'repo' | 'revision'>;

/** Asks about a repository. */
function askAbout(access: HubAccess, { repo, revision }: Repo, url: URL, signal: AbortSignal) {
  return askHub(access, repo, url, signal, async (response, connection) => {
    if (response.headers.get('x-error-code') === 'RevisionNotFound')
      return new AppError('revision-not-found', `${repo} has no revision ${revision}.`, { repo, revision });
    return [401, 403, 404].includes(response.status)
      ? refusal(response, repo, access.token, connection)
      : null;
  });
}

/**
 * One question to the Hub's API, and its answer as JSON.
 * @param what it is about, for errors
 * @param reasonOf why an answer refuses, where it says so
 * @throws AppError download-failed, token-refused, and what `reasonOf` gives
 */
export async function askHub(
  { token }: HubAccess,
  what: string,
  url: URL,
  signal: AbortSignal,
  reasonOf: (response: Response, connection: Connection) => Promise<AppError | null>,
): Promise<{ readonly body: unknown; readonly link: string | null }> {
  const failed = (status: string, options?: ErrorOptions) => {
    const details = { file: what, url: url.href, status };
    return new AppError('download-failed', `${what} could not be looked up: ${status}.`, details, options);
  };
  const connection = new Connection(signal);
  try {
    const response = await connection.fetch(url, { headers: authorization(token, url) });
    if (!response.ok) throw (await reasonOf(response, connection)) ?? failed(String(response.status));
    const body = parsePythonJson(await connection.text(response, MAX_ANSWER_BYTES));
    if (body === undefined) throw failed('not-json');
    return { body, link: response.headers.get('link') };
  } catch (cause) {
    throw cause instanceof RetryableError ? failed(cause.status, { cause }) : cause;
  } finally {
    connection.close();
  }
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
