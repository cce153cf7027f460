import { fileUrl } from '../../hub/hub.ts';
import type { FileRequest } from '../../hub/request-file.ts';
import type { HubAccess, RepoFile } from '../../protocol/models.ts';

/** What the downloader needs to know to fetch a file of a repository. */
export function fileRequest(
  access: HubAccess,
  repo: string,
  sha: string,
  { path, size, oid }: RepoFile,
): FileRequest {
  return { url: fileUrl(access, repo, sha, path), repo, path, size, oid, token: access.token };
}
