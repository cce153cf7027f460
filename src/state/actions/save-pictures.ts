import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import { steeringFiles } from '../../protocol/control.ts';
import type { UsedDevice } from '../../protocol/device.ts';
import type { Run, RunPicture } from '../jobs/run.ts';
import type { Stores } from '../stores.ts';

/** Saves every finished picture in the gallery at once. Returns what ends that. */
export function followFinishedPictures(stores: Stores): () => void {
  let since = performance.now();
  return stores.generation.subscribe((now, before) => {
    if (now.phase === 'running' && before.phase !== 'running') since = performance.now();
    const { run } = now;
    // One of the gallery, or of an experiment's that is shown again, is kept already.
    if (!run || run === before.run || now.phase === 'idle') return;
    for (const [i, { png, seed, texts, stopped }] of run.pictures.entries()) {
      const known = before.run?.id === run.id && before.run.pictures[i]?.png;
      if (!png || known) continue;
      // How long a stopped one took says nothing.
      const seconds = stopped ? null : (performance.now() - since) / 1000;
      since = performance.now();
      save(stores, run, { seed, texts, png, stopped }, seconds, run.device);
    }
  });
}

/** Saves what a stopped run had begun, where it is kept after another picture took its place, and says where it is. */
export function followKeptPictures(stores: Stores): () => void {
  return stores.generation.subscribe(({ stopped }, before) => {
    for (const [i, { png, seed, texts, stopped: at }] of (stopped?.pictures ?? []).entries()) {
      if (!stopped || !png || before.stopped?.id !== stopped.id || before.stopped.pictures[i]?.png) continue;
      save(stores, stopped, { seed, texts, png, stopped: at }, null, stopped.device);
      stores.notice.getState().say({ kind: 'picture-kept' });
    }
  });
}

/** Saves every upscaled picture beside the one it was made of. Returns what ends that. */
export function followUpscaledPictures(stores: Stores): () => void {
  return stores.upscales.subscribe(({ made }, before) => {
    const { run } = stores.generation.getState();
    for (const { url, seed, texts, stopped } of run?.pictures ?? []) {
      const larger = url && !before.made[url] && made[url];
      if (run && larger) save(stores, run, { seed, texts, png: larger.png, stopped }, null, larger.device);
    }
  });
}

function save(
  { gallery, models }: Stores,
  { request, origin }: Run,
  { seed, texts, png, stopped }: Pick<RunPicture, 'seed' | 'texts' | 'stopped'> & { readonly png: Blob },
  seconds: number | null,
  device: UsedDevice | null,
): void {
  void gallery.getState().save({
    png,
    createdAt: Date.now(),
    settings: readSettingsJson(settingsJson({ ...request, ...texts }, seed, stopped)),
    seconds,
    device: device?.provider ?? null,
    revision: models.getState().installed?.find(({ id }) => id === request.model)?.revision ?? null,
    isFavourite: false,
    tags: [],
    experiment: origin.kind === 'experiment' ? origin.experiment : null,
    image: request.image?.file ?? null,
    mask: request.image?.mask ?? null,
    steering: steeringFiles(request),
  });
}
