/** Everything that can go wrong, by name. `ui/error-text.ts` has a sentence and a remedy for each. */
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
  | 'repo-gated'
  | 'download-failed'
  | 'corrupt-file'
  | 'no-storage'
  | 'storage-full'
  | 'worker-crashed'
  | 'worker-hung'
  | 'aborted'
  | 'bug';

/** Facts for the sentence: the file, what was expected, what was found, the field. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** The one error type. It survives the worker border with its code and details. */
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

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Any thrown value as data. What is not an AppError is a bug and keeps its message. */
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

export function fromWire(error: WireError): AppError {
  return new AppError(error.code, error.message, error.details);
}
