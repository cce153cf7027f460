import type {
  ExperimentSetup,
  ExperimentStorage,
  StoredCell,
  StoredExperiment,
} from '../../storage/stored-experiments.ts';

/** What of an experiment could not be stored. */
interface Unstored {
  readonly setup: ExperimentSetup;
  /** Whether the rest of it is stored. */
  readonly isInPart: boolean;
  readonly cells: ReadonlyMap<number, StoredCell>;
}

/** The same storage, but what it refuses to store lasts as long as the page, and is stored with the next picture that can be. That it refused is for itself to say. */
export function keepUnstored(storage: ExperimentStorage): ExperimentStorage {
  const unstored = new Map<string, Unstored>();
  return {
    async list() {
      const stored = await storage.list().catch(() => []);
      return withUnstored(stored, [...unstored.values()]);
    },

    async cells(id) {
      const kept = unstored.get(id);
      if (kept && !kept.isInPart) return kept.cells;
      return new Map([...(await storage.cells(id)), ...(kept?.cells ?? [])]);
    },

    async save(setup) {
      const cells = unstored.get(setup.id)?.cells ?? new Map();
      await storage.save(setup).catch(() => unstored.set(setup.id, { setup, isInPart: false, cells }));
    },

    async saveCell(setup, cell, done) {
      const kept = unstored.get(setup.id);
      const cells = new Map([...(kept?.cells ?? []), [cell, done]]);
      let isInPart = kept?.isInPart ?? true;
      try {
        for (const [index, waiting] of cells) {
          await storage.saveCell(setup, index, waiting);
          // It brings its experiment with it.
          isInPart = true;
          cells.delete(index);
        }
        unstored.delete(setup.id);
      } catch {
        unstored.set(setup.id, { setup, isInPart, cells });
      }
    },

    async remove(id) {
      const kept = unstored.get(id);
      unstored.delete(id);
      if (!kept || kept.isInPart) await storage.remove(id);
    },
  };
}

/** Newest first. */
function withUnstored(
  stored: readonly StoredExperiment[],
  unstored: readonly Unstored[],
): StoredExperiment[] {
  const all = new Map(stored.map((experiment) => [experiment.setup.id, experiment]));
  for (const { setup, cells } of unstored)
    all.set(setup.id, { setup, done: (all.get(setup.id)?.done ?? 0) + cells.size });
  return [...all.values()].sort((a, b) => b.setup.createdAt - a.setup.createdAt);
}
