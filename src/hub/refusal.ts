import { AppError } from '../protocol/errors.ts';
import { isTrustworthy } from '../protocol/trustworthy.ts';
import type { Connection } from './connection.ts';

/** What the Hub mostly says to any request, even for a public file, whose token has expired, was revoked, or is mistyped. */
const BAD_TOKEN = 'Invalid credentials in Authorization header';
/** A repository that the Hub has taken down. */
const DISABLED = 'Access to this resource is disabled.';

/** Of an answer that refuses; its reason is a sentence. */
const MAX_REASON_BYTES = 64_000;

const tokenRefused = () => new AppError('token-refused', 'The Hub does not accept the access token.');

/**
 * The header that says who asks; none where others could read it on the way.
 * @throws AppError token-refused for a text that no header can hold
 */
export function authorization(token: string | null, url: URL): { Authorization?: string } {
  if (token === null || !isTrustworthy(url)) return {};
  if (!/^[\x21-\x7e]+$/.test(token)) throw tokenRefused();
  return { Authorization: `Bearer ${token}` };
}

/**
 * Why the Hub does not let us read a repository, or null if its answer means something else (huggingface_hub's
 * utils/_http.py, hf_raise_for_status). It gives its reasons in headers; a mirror may leave them out.
 * @param response an answer with status 401, 403 or 404, whose body nobody has read
 * @param token what was asked with
 * @param connection of the answer, still open: a server may begin to give a reason and never end
 */
export async function refusal(
  response: Response,
  repo: string,
  token: string | null,
  connection: Pick<Connection, 'text'>,
): Promise<AppError | null> {
  const { status, headers } = response;
  const code = headers.get('x-error-code');
  const said =
    headers.get('x-error-message') ?? (await connection.text(response, MAX_REASON_BYTES).catch(() => ''));
  if (said.includes(BAD_TOKEN)) return tokenRefused();
  if (said.includes(DISABLED)) return null;
  if (code === 'GatedRepo' || status === 403)
    return new AppError('repo-gated', `${repo} is gated.`, { repo });
  // Whoever says who they are is told 404 of what is missing, so 401 is about who they say, whatever its words.
  if (status === 401 && token !== null && code !== 'RepoNotFound') return tokenRefused();
  // A repository that is private or missing: 401 for those who do not say who they are, else 404.
  return new AppError('repo-not-found', `${repo} was not found.`, { repo });
}
