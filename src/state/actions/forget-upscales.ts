import type { Run } from '../jobs/run.ts';
import type { Stores } from '../stores.ts';

/** Discards upscaled pictures together with the pictures they were made of. Returns what ends that. */
export function followRemovedPictures({ generation, upscales }: Stores): () => void {
  const urls = (run: Run | null) => run?.pictures.flatMap(({ url }) => url ?? []) ?? [];
  return generation.subscribe(({ run }, before) => {
    if (run?.pictures === before.run?.pictures) return;
    const left = urls(run);
    upscales.getState().forget(urls(before.run).filter((url) => !left.includes(url)));
  });
}
