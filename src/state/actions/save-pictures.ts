import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { Run } from '../jobs/generation-store.ts';
import type { Stores } from '../stores.ts';

/** Saves every finished picture in the gallery at once. Returns what ends that. */
export function followFinishedPictures(stores: Stores): () => void {
  let since = performance.now();
  return stores.generation.subscribe((now, before) => {
    if (now.phase === 'running' && before.phase !== 'running') since = performance.now();
    const { run } = now;
    if (!run || run === before.run) return;
    for (const [i, { png, seed }] of run.pictures.entries()) {
      const known = before.run?.id === run.id && before.run.pictures[i]?.png;
      if (!png || known) continue;
      const seconds = (performance.now() - since) / 1000;
      since = performance.now();
      save(stores, run, seed, png, seconds);
    }
  });
}

/** Saves every upscaled picture beside the one it was made of. Returns what ends that. */
export function followUpscaledPictures(stores: Stores): () => void {
  return stores.upscales.subscribe(({ made }, before) => {
    const { run } = stores.generation.getState();
    for (const { url, seed } of run?.pictures ?? []) {
      const larger = url && !before.made[url] && made[url];
      if (run && larger) save(stores, run, seed, larger.png, null);
    }
  });
}

function save(
  { gallery, device, models }: Stores,
  { request }: Run,
  seed: number,
  png: Blob,
  seconds: number | null,
): void {
  const { report } = device.getState();
  void gallery.getState().save({
    png,
    createdAt: Date.now(),
    settings: readSettingsJson(settingsJson(request, seed)),
    seconds,
    device: request.device === 'auto' ? (report?.auto ?? null) : request.device,
    revision: models.getState().installed?.find(({ id }) => id === request.model)?.revision ?? null,
    isFavourite: false,
    image: request.image?.file ?? null,
    mask: request.image?.mask ?? null,
  });
}
