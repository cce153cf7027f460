import type { StateStorage } from 'zustand/middleware';
import type { StoreApi } from 'zustand/vanilla';
import type { Caller } from '../client/caller.ts';
import { Client } from '../client/client.ts';
import { startWorker } from '../client/start-worker.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { BUNDLED_CACHE } from '../pwa/messages.ts';
import { type ExperimentStorage, openExperimentStorage } from '../storage/stored-experiments.ts';
import type { EmbeddingStorage, InitImageStorage } from '../storage/stored-files.ts';
import { keptFiles } from '../storage/stored-files.ts';
import { type KeptQueue, openKeptQueue } from '../storage/stored-queue.ts';
import { createDeviceStore, type Device } from './device/device.ts';
import { createHubStore, type HubSettings } from './device/hub-access.ts';
import { createMemoryStore, type Memory, memoryDevice } from './device/memory.ts';
import { createModelsStore, type Models } from './device/models.ts';
import { browserShelf, createOfflineStore, type Offline, type Shelf } from './device/offline.ts';
import { createEmbeddingsStore, type Embeddings } from './form/embeddings.ts';
import type { FormRequest } from './form/form-request.ts';
import { createInitImageStore, type InitImageState } from './form/init-image.ts';
import { initImageFile } from './form/init-image-file.ts';
import { createSettingsStore, type Settings } from './form/settings.ts';
import { createTokensStore, type Tokens } from './form/tokens.ts';
import { readHash, writeHash } from './form/url.ts';
import { createGalleryStore, type GalleryShelf, type Pictures } from './gallery/gallery.ts';
import { openGallery } from './gallery/gallery-shelf.ts';
import { createDoneNoticeStore, type DoneNotice, type Notifier } from './jobs/done-notice.ts';
import { createExperimentsStore, type Experiments } from './jobs/experiments.ts';
import { createGenerationStore, type Generation, type Run } from './jobs/generation.ts';
import { createPaceStore, type Pace } from './jobs/pace.ts';
import { createQueueStore, type Painter, type Queue } from './jobs/queue.ts';
import { submitTo } from './jobs/submit.ts';
import { createUpscalesStore, type Upscales } from './jobs/upscales.ts';
import { createLanguageStore, type LanguageChoice } from './page/language.ts';
import { createNoticeStore, type Notice } from './page/notice.ts';

/** All that the page remembers, store by store. */
export interface Stores {
  readonly settings: StoreApi<Settings>;
  readonly generation: StoreApi<Generation>;
  readonly queue: StoreApi<Queue>;
  readonly pace: StoreApi<Pace>;
  readonly doneNotice: StoreApi<DoneNotice>;
  readonly experiments: StoreApi<Experiments>;
  readonly device: StoreApi<Device>;
  readonly tokens: StoreApi<Tokens>;
  readonly embeddings: StoreApi<Embeddings>;
  readonly initImage: StoreApi<InitImageState>;
  readonly models: StoreApi<Models>;
  readonly hub: StoreApi<HubSettings>;
  readonly memory: StoreApi<Memory>;
  readonly offline: StoreApi<Offline>;
  readonly language: StoreApi<LanguageChoice>;
  readonly notice: StoreApi<Notice>;
  readonly gallery: StoreApi<Pictures>;
  readonly upscales: StoreApi<Upscales>;
}

/** The address bar, as far as the stores use it. */
export interface Address {
  readHash(): string;
  /** Replaces the hash without a new entry in the history. */
  replaceHash(hash: string): void;
}

/**
 * `library` looks after the models on this device, beside `client`, which paints. `storage` may throw where the browser
 * forbids it: then nothing is kept.
 */
export function createStores(
  client: Caller,
  library: Caller,
  storage: () => StateStorage,
  files: {
    readonly embeddings: EmbeddingStorage;
    readonly initImage: InitImageStorage;
    readonly queue: KeptQueue;
    readonly experiments: ExperimentStorage;
  },
  shelf: Shelf,
  pictures: GalleryShelf,
  notifier: Notifier,
  languages: readonly string[],
): Stores {
  const drawSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] as number;
  const generation = createGenerationStore(client);
  const device = createDeviceStore(client);
  const memory = createMemoryStore(storage);
  const painter: Painter = {
    paint({ request, origin }) {
      // Taken when its turn comes: what ran before it may have been a lesson.
      const { held } = memory.getState();
      const memoryBytes = held[memoryDevice(device.getState().report, request.device)] ?? null;
      return generation.getState().generate({ ...request, memoryBytes }, origin);
    },
    stop: () => generation.getState().stop(),
  };
  const queue = createQueueStore(painter, files.queue, randomName);
  return {
    settings: createSettingsStore(drawSeed, storage),
    generation,
    queue,
    experiments: createExperimentsStore(submitTo(queue), files.experiments, () => Date.now(), randomName),
    pace: createPaceStore(storage),
    doneNotice: createDoneNoticeStore(notifier, storage),
    device,
    tokens: createTokensStore(client),
    embeddings: createEmbeddingsStore(client, files.embeddings),
    initImage: createInitImageStore(client, files.initImage),
    models: createModelsStore(library, () => performance.now()),
    hub: createHubStore(storage),
    memory,
    offline: createOfflineStore(shelf),
    language: createLanguageStore(languages, storage),
    notice: createNoticeStore(),
    gallery: createGalleryStore(client, pictures),
    upscales: createUpscalesStore(client),
  };
}

/** The page's stores: workers of its own, each started by its first call, and this browser's memory. */
export function openStores(notifier: Notifier): Stores {
  const files = {
    ...keptFiles(),
    // Without locks (a page that is no secure context) two tabs could not tell whose jobs are whose.
    queue:
      'locks' in navigator
        ? openKeptQueue(navigator.locks, randomName())
        : { adopt: async () => {}, save: async () => {} },
    experiments: openExperimentStorage(),
  };
  const shelf = browserShelf(new URL(import.meta.env.BASE_URL, location.href), BUNDLED_CACHE);
  return createStores(
    new Client(startWorker),
    new Client(startWorker),
    () => localStorage,
    files,
    shelf,
    openGallery(),
    notifier,
    navigator.languages,
  );
}

/**
 * Presses Generate: lines the form up as it stands, with `change` in the place of what it says. Refused fields hold the
 * reason in the settings' notes.
 */
export function generate(
  stores: Stores,
  change: Partial<Pick<FormRequest, 'numImages'>> = {},
): 'queued' | 'refused' {
  const form = stores.settings.getState().submit();
  if (!form) return 'refused';
  withFiles(stores, form, (request) =>
    stores.queue.getState().add({ ...request, ...change }, { kind: 'create' }),
  );
  return 'queued';
}

/** Hands the form's request on with its files as they are now: at once, or when its picture is ready. */
export function withFiles(
  { settings, embeddings, initImage }: Stores,
  form: FormRequest,
  use: (request: GenerationRequest) => void,
): void {
  const { file, ...beginning } = initImage.getState();
  const taken = { ...form, memoryBytes: null, embeddings: embeddings.getState().embeddings };
  if (!file) {
    use({ ...taken, image: null });
    return;
  }
  const { fields } = settings.getState();
  void initImageFile({ ...beginning, file }, fields, form).then((image) => use({ ...taken, image }));
}

/** Takes the settings from the link, and starts when it says so. A link is stronger than what was stored. */
export function followLink(stores: Stores, address: Address): void {
  const hash = address.readHash();
  const link = readHash(hash);
  stores.settings.getState().apply(link);
  if (hash !== '') address.replaceHash(writeHash(stores.settings.getState().fields));
  if (link.run) generate(stores);
}

/** From now on the texts are counted as they change. Returns what ends it. */
export function keepCount({ settings, tokens, embeddings }: Stores): () => void {
  const count = () => {
    const { model, prompt, negativePrompt } = settings.getState().fields;
    tokens.getState().count(model, [prompt, negativePrompt], embeddings.getState().embeddings);
  };
  count();
  const ends = [
    settings.subscribe(({ fields: now }, { fields: before }) => {
      const names = ['model', 'prompt', 'negativePrompt'] as const;
      if (names.some((name) => now[name] !== before[name])) count();
    }),
    embeddings.subscribe((now, before) => {
      if (now.embeddings !== before.embeddings) count();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** From now on a run that finds too little memory is a lesson for the next. Returns what ends it. */
export function keepMemory({ generation, device, memory }: Stores): () => void {
  return generation.subscribe((now, before) => {
    if (now.phase !== 'failed' || before.phase === 'failed') return;
    if (now.error?.code !== 'out-of-memory' || !now.plan || !now.request) return;
    memory
      .getState()
      .noteShortage(memoryDevice(device.getState().report, now.request.device), now.plan.bytes);
  });
}

/** From now on what was made of pictures that are gone goes too. Returns what ends it. */
export function keepUpscales({ generation, upscales }: Stores): () => void {
  const urls = (run: Run | null) => run?.pictures.flatMap(({ url }) => url ?? []) ?? [];
  return generation.subscribe(({ run }, before) => {
    if (run?.pictures === before.run?.pictures) return;
    const left = urls(run);
    upscales.getState().forget(urls(before.run).filter((url) => !left.includes(url)));
  });
}

/** From now on the address is a link to the form as it stands. Returns what ends it. */
export function keepLink({ settings }: Stores, address: Address): () => void {
  return settings.subscribe((now, before) => {
    if (now.fields !== before.fields) address.replaceHash(writeHash(now.fields));
  });
}

/** A name nobody has; unlike randomUUID it can be had in any context. */
const randomName = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
