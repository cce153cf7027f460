import { CHECKPOINT_END } from '../catalog/models.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { isRepoPath } from './repo-path.ts';

/** A repository on the Hub, or one of its files, as a person names it. */
export interface RepoName {
  /** `owner/name`. */
  readonly repo: string;
  /** A branch, tag, commit, or a reference such as `refs/pr/6`. */
  readonly revision: string;
  /** A single-file checkpoint in it; null for the repository as a whole. */
  readonly file: string | null;
}

// As huggingface_hub reads them: utils/_hf_uris.py, and validate_repo_id in utils/_validators.py.
const HOSTS = ['huggingface.co', 'www.huggingface.co', 'hf.co', 'www.hf.co'];
const OTHER_KINDS = ['datasets', 'spaces', 'kernels', 'buckets'];
const FILE_ROUTES = ['blob', 'resolve', 'raw', 'blame'];
const SEGMENT = /^(?!.*(--|\.\.))[\w](?:[\w.-]{0,94}[\w])?$/;
/** The references whose name has slashes in it. */
const REFERENCE = /^refs\/(?:convert\/[\w.-]+|pr\/\d+)(?=\/|$)/;

/**
 * Reads the name of a repository as it is typed or pasted: `owner/name`, `owner/name@revision`, or the address of its page,
 * of a revision, a commit or a discussion, which may be a pull request's, or of a .safetensors or .gguf file in it.
 * @param endpoint the Hub, or a mirror, whose addresses are read too
 * @throws AppError invalid-request
 */
export function parseRepoName(text: string, endpoint: string): RepoName {
  const name = readRepoName(text, endpoint);
  // Neither leads out of the repository.
  const paths = [name.revision, ...(name.file === null ? [] : [name.file])];
  if (!paths.every(isRepoPath)) throw notAName(text);
  return name;
}

function readRepoName(text: string, endpoint: string): RepoName {
  const segments = pathOf(text.trim(), endpoint).split('/').filter(Boolean);
  if (segments[0] === 'models') segments.shift();
  const [owner = '', second = '', ...rest] = segments;
  const [name = '', ...typed] = second.split('@');
  const isName = SEGMENT.test(owner) && SEGMENT.test(name) && !OTHER_KINDS.includes(owner);
  if (!isName) throw notAName(text);
  const repo = `${owner}/${name}`;
  if (typed.length > 0) {
    const { revision, path } = splitRevision([typed.join('@'), ...rest]);
    if (revision === '') throw notAName(text);
    if (isCheckpoint(path)) return { repo, revision, file: path };
    // A branch's name may have slashes of its own.
    return { repo, revision: path === '' ? revision : `${revision}/${path}`, file: null };
  }
  const [route, ...tail] = rest;
  const change = changeOf(route, tail);
  if (change !== null) return { repo, revision: change, file: null };
  const isRoute = route === 'tree' || FILE_ROUTES.includes(route ?? '');
  const { revision, path } = isRoute
    ? splitRevision(tail)
    : { revision: '', path: rest.map(decode).join('/') };
  const file = path === '' && (route === undefined || route === 'tree') ? null : path;
  if (file !== null && !isCheckpoint(file))
    throw isRoute && path !== '' ? onlyAPart(repo, path) : notAName(text);
  return { repo, revision: revision || 'main', file };
}

/** The path of an address of the Hub, or what was typed. @throws AppError invalid-request for addresses of others */
function pathOf(text: string, endpoint: string): string {
  const protocol = /^https?:\/\//i.exec(text)?.[0];
  const typedHost = text.split('/', 1)[0]?.toLowerCase() ?? '';
  if (protocol === undefined && !HOSTS.includes(typedHost))
    return text.replace(/^hf:\/\//, '').replace(/[?#].*$/, '');
  const address = protocol === undefined ? `https://${text}` : text;
  if (!URL.canParse(address)) throw notAName(text);
  const { hostname, pathname } = new URL(address);
  const mirror = new URL(endpoint);
  if (hostname === mirror.hostname) {
    const folder = mirror.pathname.replace(/\/+$/, '');
    return pathname.startsWith(`${folder}/`) ? pathname.slice(folder.length) : pathname;
  }
  if (HOSTS.includes(hostname)) return pathname;
  const details = { kind: 'other-host', host: hostname } satisfies Fault;
  throw new AppError('invalid-request', `${hostname} is not the Hugging Face Hub.`, details);
}

/** The revision that a page about a change shows; null for other pages. huggingface_hub reads none of them. */
function changeOf(route: string | undefined, [first = '']: readonly string[]): string | null {
  if (route === 'commit' && /^[0-9a-f]{7,40}$/i.test(first)) return first;
  return route === 'discussions' && /^\d+$/.test(first) ? `refs/pr/${first}` : null;
}

/** What stands behind an `@` or a route: a revision, and the path of a file or folder. */
function splitRevision(segments: readonly string[]): { revision: string; path: string } {
  const reference = REFERENCE.exec(segments.join('/'))?.[0];
  const length = reference?.split('/').length ?? 1;
  const decoded = segments.map(decode);
  return { revision: decoded.slice(0, length).join('/'), path: decoded.slice(length).join('/') };
}

const isCheckpoint = (path: string) => CHECKPOINT_END.test(path);

/** A segment of a path without percent-encoding; what was typed may have a `%` of its own. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function notAName(found: string): AppError {
  const details = { kind: 'no-repository-name', found } satisfies Fault;
  return new AppError('invalid-request', `“${found}” is not a repository name. Use owner/name.`, details);
}

/** For the page of a folder or a small file, of which nobody can tell what they want with it. */
function onlyAPart(repo: string, path: string): AppError {
  const details = { kind: 'part-of-repository', repo, file: path } satisfies Fault;
  return new AppError('invalid-request', `${path} is only a part of ${repo}.`, details);
}
