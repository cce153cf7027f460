import { answered } from '../../protocol/answered.ts';

/** The files of the form that are being read: what an earlier visit stored, and what is being added. */
export interface PendingFiles {
  /** Notes that they are read until the job is over. @returns the job */
  during<T>(job: Promise<T>): Promise<T>;
  /** Resolves when all of them are there or refused; those that take longer than ten seconds are not waited for. Never rejects. */
  ready(): Promise<void>;
}

/** @param load reads what is stored, and notes that; called where a request comes before anything was read */
export function pendingFiles(load: () => Promise<void>): PendingFiles {
  let reading: Promise<unknown> | undefined;
  return {
    during(job) {
      // Whose storage does not answer is said by that storage; the job goes on, and may still end.
      reading = Promise.all([reading, answered('file', job).catch(() => {})]);
      return job;
    },
    async ready() {
      if (!reading) void load();
      await reading;
    },
  };
}
