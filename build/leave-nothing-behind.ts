import { afterAll, vi } from 'vitest';

// Files of tests run one after another in the same thread: what one put in the place of a global is not the next one's.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
