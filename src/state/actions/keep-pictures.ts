import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { Run } from '../jobs/generation-store.ts';
import type { Stores } from '../stores.ts';

/** From now on every finished picture is kept in the gallery, the moment it is there. Returns what ends it. */
export function keepPictures(stores: Stores): () => void {
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
      keep(stores, run, seed, png, seconds);
    }
  });
}

/** From now on a picture that was made larger is kept beside the one it was made of. Returns what ends it. */
export function keepLargerPictures(stores: Stores): () => void {
  return stores.upscales.subscribe(({ made }, before) => {
    const { run } = stores.generation.getState();
    for (const { url, seed } of run?.pictures ?? []) {
      const larger = url && !before.made[url] && made[url];
      if (run && larger) keep(stores, run, seed, larger.png, null);
    }
  });
}

function keep(
  { gallery, device, models }: Stores,
  { request }: Run,
  seed: number,
  png: Blob,
  seconds: number | null,
): void {
  const { report } = device.getState();
  void gallery.getState().keep({
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
