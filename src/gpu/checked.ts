/** A GPU's own word for what it cannot do; it reports that apart from the call, which seems to succeed. */
export class GpuRefusal extends Error {
  override readonly name = 'GpuRefusal';
  /** Whether memory ran out; otherwise a call was not allowed, or the driver failed. */
  readonly isMemory: boolean;

  constructor(message: string, isMemory: boolean) {
    super(message);
    this.isMemory = isMemory;
  }
}

const KINDS = ['out-of-memory', 'validation', 'internal'] as const;

/**
 * Makes calls of a device, and says whether it took them: without that a refused buffer or step would leave zeros.
 * @returns what the calls gave, and a promise that rejects with GpuRefusal; it waits for no work
 */
export function checked<T>(device: GPUDevice, calls: () => T): { result: T; accepted: Promise<void> } {
  for (const kind of KINDS) device.pushErrorScope(kind);
  const pop = () => {
    const accepted = Promise.all(KINDS.map(() => device.popErrorScope())).then(refuse);
    // Where the calls throw, or fail in another way, nobody waits for this.
    accepted.catch(() => {});
    return accepted;
  };
  try {
    const result = calls();
    return { result, accepted: pop() };
  } catch (error) {
    pop();
    throw error;
  }
}

/** The scopes were opened from the first kind on, so that the last of these is that of memory. */
function refuse(errors: readonly (GPUError | null)[]): void {
  const memory = errors.at(-1);
  const error = memory ?? errors.find((one) => one !== null);
  if (error) throw new GpuRefusal(error.message, error === memory);
}
