import * as v from 'valibot';

/**
 * Whether a path stays inside its repository, however a server, a browser or a file system reads it: relative, without empty
 * segments, `.` and `..`, plain or percent-encoded (URL Standard, “double-dot URL path segment”), backslashes and control
 * characters.
 */
export function isRepoPath(path: string): boolean {
  const decoded = path.replace(/%2e/gi, '.').replace(/%2f/gi, '/');
  if (/[\p{Cc}\\]|%5c/iu.test(decoded)) return false;
  return decoded.split('/').every((segment) => !['', '.', '..'].includes(segment));
}

/** Such a path, as a server or a file gives it. */
export const RepoPath = v.pipe(v.string(), v.check(isRepoPath, 'a path inside the repository'));
