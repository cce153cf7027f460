/** Everything that can go wrong. Each language has a sentence and a remedy for every code. */
export type ErrorCode =
  | 'no-webgpu'
  | 'device-lost'
  | 'out-of-memory'
  | 'wrong-numbers'
  | 'invalid-request'
  | 'unsupported-model'
  | 'unsupported-embedding'
  | 'unsupported-lora'
  | 'unsupported-image'
  | 'picture-too-large'
  | 'not-installed'
  | 'repo-not-found'
  | 'revision-not-found'
  | 'repo-gated'
  | 'token-refused'
  | 'download-failed'
  | 'corrupt-file'
  | 'no-storage'
  | 'storage-full'
  | 'worker-crashed'
  | 'worker-hung'
  | 'aborted'
  | 'bug';

/** Facts for the sentence: the file, the field, what was expected and what was found. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/**
 * Details that tell a person more than the code does; each language has a sentence for every kind. `component` is diffusers'
 * name for it, a path in a repository, or the repository.
 */
export type Fault = ErrorDetails &
  (
    | { readonly kind: 'no-repository-name'; readonly found: string }
    | { readonly kind: 'other-host'; readonly host: string }
    | { readonly kind: 'too-long'; readonly field: string; readonly most: number; readonly found: number }
    | { readonly kind: 'too-many-steps'; readonly most: number }
    | { readonly kind: 'too-few-steps'; readonly least: number }
    | { readonly kind: 'no-step-left'; readonly strength: number; readonly steps: number }
    | { readonly kind: 'too-many-skipped'; readonly layers: number }
    | { readonly kind: 'several-checkpoints'; readonly component: string; readonly found: string }
    | { readonly kind: 'not-stable-diffusion'; readonly found: string }
    | { readonly kind: 'missing-file' | 'only-pickles' | 'no-checkpoint'; readonly component: string }
    | { readonly kind: 'no-layers' | 'no-f16' | 'no-upscaler' | 'no-embeddings-here' }
    | { readonly kind: 'no-embedding' | 'lora-as-embedding'; readonly token: string }
    | {
        readonly kind: 'embedding-of-other-model';
        readonly token: string;
        readonly expected: number;
        readonly found: string;
      }
    | { readonly kind: 'lora-absent' | 'lora-of-other-model'; readonly lora: string }
    | { readonly kind: 'lora-of-other-method'; readonly lora: string; readonly method: string }
    | { readonly kind: 'no-loras-here'; readonly component: string }
    | { readonly kind: 'no-picture' | 'svg' | 'damaged-picture' | 'zip-too-large' }
    | {
        readonly kind: 'too-many-pixels' | 'upscaled-too-large';
        readonly width: number;
        readonly height: number;
      }
    | { readonly kind: 'damaged-zip'; readonly found: string }
    | { readonly kind: 'no-runtime'; readonly status: number | string }
    | { readonly kind: 'no-copy'; readonly component: string; readonly bits: number }
  );

/** Why a download failed if the server gave no status code: the `status` in the details of download-failed. */
export type DownloadFault =
  | 'no-response'
  | 'connection-lost'
  | 'not-listed'
  | 'not-on-this-device'
  | 'empty-response'
  | 'web-page'
  | 'unexpected-response'
  | 'not-json'
  | 'download-restarted';

/** The one error type of this project. Its code and details survive the way from worker to page. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** An AppError as data that can be posted between worker and page. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Any thrown value as data that can be posted. Whatever is not an AppError is a bug and keeps its message. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'aborted', message: 'Stopped.', details: {} };
  return {
    code: 'bug',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    details: {},
  };
}

/** The reverse of `toWire`, on the other side. */
export function fromWire(error: WireError): AppError {
  return new AppError(error.code, error.message, error.details);
}

/** A part of a model that is not what Safelight runs. `component` is diffusers' name for it, or a path in a repository. */
export function unsupportedModel(component: string, expected: string, found: string): AppError {
  const message = `${component}: expected ${expected}, found ${found}.`;
  return new AppError('unsupported-model', message, { component, expected, found });
}
