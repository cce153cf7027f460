import type { FileKind } from './file-kind.ts';

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
  | 'unsupported-control'
  | 'unsupported-ip-adapter'
  | 'unsupported-image'
  | 'picture-too-large'
  | 'not-installed'
  | 'repo-not-found'
  | 'revision-not-found'
  | 'repo-gated'
  | 'token-refused'
  | 'download-failed'
  | 'corrupt-file'
  | 'unreadable-file'
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
    | ModelFault
    | SettingFault
    | { readonly kind: 'no-repository-name'; readonly found: string }
    | { readonly kind: 'part-of-repository'; readonly repo: string; readonly file: string }
    | { readonly kind: 'other-host'; readonly host: string }
    | { readonly kind: 'too-long'; readonly field: string; readonly most: number; readonly found: number }
    | { readonly kind: 'too-many-steps'; readonly most: number }
    | { readonly kind: 'too-few-steps'; readonly least: number }
    | { readonly kind: 'no-step-left'; readonly strength: number; readonly steps: number }
    | { readonly kind: 'needs-edm-sampler' | 'edm-sampler'; readonly found: string }
    | { readonly kind: 'too-many-skipped'; readonly layers: number }
    | {
        readonly kind: 'both-reuses' | 'no-reuse' | 'reuse-with-control' | 'gate-with-pictures';
        readonly field: 'cacheInterval' | 'gateStep';
      }
    | { readonly kind: 'several-checkpoints'; readonly component: string; readonly found: string }
    | { readonly kind: 'not-stable-diffusion' | 'needs-sampler'; readonly found: string }
    | {
        readonly kind: 'lone-component' | 'missing-component';
        readonly file: string;
        readonly component: string;
      }
    | { readonly kind: 'no-second-encoder' }
    | { readonly kind: 'graph-size' | 'graph-prompt'; readonly component: string }
    | { readonly kind: 'missing-file' | 'only-pickles' | 'no-checkpoint'; readonly component: string }
    | { readonly kind: 'needs-image' }
    | { readonly kind: 'no-depth' }
    | { readonly kind: 'no-layers' | 'no-f16' | 'no-upscaler' | 'no-embeddings-here' }
    | { readonly kind: 'no-segmenter' | 'no-background-removal' }
    | { readonly kind: 'no-embedding' | 'lora-as-embedding'; readonly token: string }
    | {
        readonly kind: 'embedding-of-other-model';
        readonly token: string;
        readonly expected: number;
        readonly found: string;
      }
    | { readonly kind: 'lora-absent'; readonly lora: string }
    | LoraFault
    | { readonly kind: 'no-loras-here'; readonly component: string }
    | {
        readonly kind: 'no-control-model' | 'control-of-other-model' | 'control-absent' | 'no-map';
        readonly control: string;
      }
    | {
        readonly kind:
          | 'no-ip-adapter'
          | 'ip-adapter-absent'
          | 'ip-adapter-of-other-model'
          | 'no-image-encoder';
        readonly adapter: string;
      }
    | {
        readonly kind: 'ip-adapter-face-id';
        readonly adapter: string;
        readonly found: 'FaceID' | 'FaceID Plus';
      }
    | { readonly kind: 'no-control-mode'; readonly control: string; readonly most: number }
    | { readonly kind: 'control-of-other-kind'; readonly control: string; readonly found: OtherControl }
    | { readonly kind: 'not-safetensors' | 'not-gguf'; readonly file: string; readonly found: FileKind }
    | { readonly kind: 'quantised-already'; readonly file: string }
    | { readonly kind: 'gguf-version'; readonly file: string; readonly found: string }
    | {
        readonly kind: 'gguf-type';
        readonly file: string;
        /** The tensor's name. */
        readonly component: string;
        readonly found: string;
      }
    | { readonly kind: 'not-a-picture'; readonly found: FileKind }
    | {
        readonly kind: 'cut-off';
        readonly file: string;
        /** Bytes; expected are at least so many. */
        readonly expected: number;
        readonly found: number;
      }
    | {
        readonly kind:
          | 'no-picture'
          | 'cut-off-picture'
          | 'zip-without-pictures'
          | 'svg'
          | 'damaged-picture'
          | 'damaged-zip'
          | 'zip-too-large'
          | 'not-unpacked';
      }
    | { readonly kind: 'too-large-in-zip'; readonly most: number }
    | {
        readonly kind: 'too-many-pixels' | 'upscaled-too-large';
        readonly width: number;
        readonly height: number;
      }
    | { readonly kind: 'kernel-refused' }
    | { readonly kind: 'no-runtime'; readonly status: number | string }
    | { readonly kind: 'pictures-lost'; readonly count: number }
    | { readonly kind: 'storage-silent' | 'storage-newer' | 'storage-cleared'; readonly what: string }
    | { readonly kind: 'no-copy'; readonly component: string; readonly bits: number }
  );

/** What is in a model in the place of what Safelight runs: names of files and tensors, shapes, numbers. */
export interface ModelFault {
  readonly kind:
    | 'missing-part'
    | 'other-part'
    | 'unknown-part'
    | 'double-part'
    | 'short-vocabulary'
    | 'fixed-graph'
    | 'graph-refused';
  readonly component: string;
  readonly expected: string;
  readonly found: string;
}

/** What keeps a file of a LoRA from being applied; `key` is that of the tensor, or of the settings. */
export type LoraFault = ErrorDetails & { readonly lora: string } & (
    | { readonly kind: 'lora-empty' }
    | {
        readonly kind:
          | 'lora-damaged'
          | 'lora-twice'
          | 'lora-unclear'
          | 'lora-settings'
          | 'lora-of-other-model'
          | 'no-lora';
        readonly key: string;
      }
    | { readonly kind: 'lora-of-other-method'; readonly method: string; readonly key: string }
  );

/** Files that steer a picture, as a ControlNet does, and that no graph is written for. */
export type OtherControl = 'ControlNet-LoRA' | 'ControlLLLite' | 'old T2I-Adapter' | 'IP-Adapter';

/** A key of a config.json, of a model or for a sampler, that Safelight cannot follow; `found` is its value as JSON. */
export interface SettingFault {
  readonly kind: 'model-setting' | 'unfit-setting' | 'missing-setting' | 'sampler-setting';
  readonly component: string;
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

/** Why a download failed if the server gave no status code: the `status` in the details of download-failed. */
export type DownloadFault =
  | 'no-response'
  | 'connection-lost'
  | 'too-slow'
  | 'not-listed'
  | 'empty-response'
  | 'web-page'
  | 'unexpected-response'
  | 'not-json'
  | 'download-restarted';

/** Codes that say too little: what is wrong is in the fault. */
type FaultCode = Extract<ErrorCode, `unsupported-${string}` | 'picture-too-large'>;

/** The one error type of this project. Its code and details survive the way from worker to page; its message is for developers. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: FaultCode, message: string, details: Fault, options?: ErrorOptions);
  constructor(
    code: Exclude<ErrorCode, FaultCode>,
    message: string,
    details?: ErrorDetails,
    options?: ErrorOptions,
  );
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
  // Even an empty file or folder takes room.
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return { code: 'storage-full', message: error.message, details: {} };
  // How every browser says that a Blob's bytes are gone: https://w3c.github.io/FileAPI/#dfn-error-codes
  if (error instanceof DOMException && ['NotReadableError', 'NotFoundError'].includes(error.name))
    return { code: 'unreadable-file', message: `${error.name}: ${error.message}`, details: {} };
  return {
    code: 'bug',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    details: {},
  };
}

/** The reverse of `toWire`, on the other side. */
export function fromWire(error: WireError): AppError {
  // What was posted was an AppError, so a code that needs a fault has one.
  return new AppError(error.code as FaultCode, error.message, error.details as Fault);
}

/** A part of a model that is not what Safelight runs. `component` is diffusers' name for it, or a path in a repository. */
export function unsupportedModel(
  kind: ModelFault['kind'],
  component: string,
  expected: string,
  found: string,
  options?: ErrorOptions,
): AppError {
  const message = `${component}: expected ${expected}, found ${found}.`;
  const details = { kind, component, expected, found } satisfies Fault;
  return new AppError('unsupported-model', message, details, options);
}

/** A model that lacks a component. @param file the checkpoint, or what lists the components */
export function missingComponent(file: string, component: string): AppError {
  const details = { kind: 'missing-component', file, component } satisfies Fault;
  return new AppError('unsupported-model', `${file} has no ${component}.`, details);
}
