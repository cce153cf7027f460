import { readSettingsJson, settingsJson } from '../metadata/safelight.ts';
import type { Stores } from './stores.ts';

/** From now on every finished picture is kept in the gallery, the moment it is there. Returns what ends it. */
export function keepPictures({ generation, gallery, device, models }: Stores): () => void {
  let since = performance.now();
  return generation.subscribe((now, before) => {
    if (now.phase === 'running' && before.phase !== 'running') since = performance.now();
    const { run } = now;
    if (!run || run === before.run) return;
    for (const [i, { png, seed }] of run.pictures.entries()) {
      const known = before.run?.id === run.id && before.run.pictures[i]?.png;
      if (!png || known) continue;
      const { request } = run;
      const { report } = device.getState();
      const seconds = (performance.now() - since) / 1000;
      since = performance.now();
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
  });
}
