import { planCopy } from '../../checkpoint/gguf/copy-plan.ts';
import { CopyStream } from '../../checkpoint/gguf/copy-stream.ts';
import { isLora } from '../../checkpoint/lora/keys.ts';
import { readTensors } from '../../checkpoint/weights.ts';
import type { KeptRequest } from '../../hub/fetch-files.ts';
import { remoteFile } from '../../hub/remote-file.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import {
  type CopyBits,
  type CopySource,
  copyPath,
  type HubAccess,
  isCopiable,
  type ModelToFetch,
  type RepoFile,
} from '../../protocol/models.ts';
import { fileRequest } from './file-request.ts';

/** How often a header is asked for. */
const ATTEMPTS = 4;

/** What is asked for, and what of it a model then consists of. */
interface KeptFiles {
  readonly requests: readonly KeptRequest[];
  readonly files: readonly RepoFile[];
  readonly copyOf: CopySource | undefined;
}

/**
 * The requests for a model's files. Of a model that is to be a copy, a file of weights becomes a GGUF file as it arrives
 * (checkpoint/gguf/copy-plan.ts): only the header is asked for here. A LoRA is kept as it is.
 * @throws AppError unsupported-model where weights are quantised already; download-failed, corrupt-file; AbortError
 */
export async function keptFiles(
  model: ModelToFetch,
  access: HubAccess,
  signal: AbortSignal,
): Promise<KeptFiles> {
  const { repo, revision, files, copyBits } = model;
  const whole = files.map((file) => ({ request: fileRequest(access, repo, revision, file), file }));
  const kept = await Promise.all(
    whole.map(({ request, file }) =>
      copyBits !== undefined && isCopiable(file, files)
        ? copied(request, file, copyBits, signal)
        : { request, file },
    ),
  );
  return {
    requests: kept.map(({ request }) => request),
    files: kept.map(({ file }) => file),
    copyOf: copyBits && { bits: copyBits, files },
  };
}

async function copied(
  request: KeptRequest,
  file: RepoFile,
  bits: CopyBits,
  signal: AbortSignal,
): Promise<{ request: KeptRequest; file: RepoFile }> {
  const tensors = await readTensors(file.path, remoteFile(request, signal, ATTEMPTS));
  if (isLora(tensors.keys())) return { request, file };
  const plan = planCopy(tensors, bits);
  if (!plan) {
    const details = { kind: 'quantised-already', file: file.path } satisfies Fault;
    throw new AppError('unsupported-model', `${file.path} is in few bits already.`, details);
  }
  // The same file in the same bits is always the same copy.
  const name = `${file.oid}.${bits}`;
  const stream = (position: number, append: (bytes: Uint8Array<ArrayBuffer>) => void) =>
    new CopyStream(plan, position, append);
  return {
    request: { ...request, derived: { name, derivation: { notes: plan.notes, stream } } },
    file: { path: copyPath(file.path), size: plan.size, oid: name },
  };
}
