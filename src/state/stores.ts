import type { StateStorage } from 'zustand/middleware';
import type { StoreApi } from 'zustand/vanilla';
import type { Caller } from '../client/caller.ts';
import type { DeviceChoice } from '../protocol/device.ts';
import type { EmbeddingFile, GenerationRequest } from '../protocol/generation.ts';
import { SETTINGS } from '../protocol/settings.ts';
import type { BrowserCache } from '../pwa/browser-cache.ts';
import type { StorageNews } from '../storage/storage-news.ts';
import type { StoredControl } from '../storage/stored-control.ts';
import type { ExperimentStorage } from '../storage/stored-experiments.ts';
import type {
  FormListStorage,
  InitImageStorage,
  ListStorage,
  Style,
  WordList,
} from '../storage/stored-files.ts';
import type { StoredPicturePrompt } from '../storage/stored-picture-prompt.ts';
import type { QueueStorage } from '../storage/stored-queue.ts';
import { choiceNow, createDeviceStore, type Device } from './device/device-store.ts';
import { createHubSearchStore, type HubSearch } from './device/hub-search-store.ts';
import { createHubStore, type HubSettings } from './device/hub-store.ts';
import { createMemoryStore, type Memory } from './device/memory-store.ts';
import { createModelsStore, type Models } from './device/models-store.ts';
import { createOfflineStore, type Offline } from './device/offline-store.ts';
import type { DrawStores, DrawWorld } from './draw/draw-stores.ts';
import { type Controls, createControlsStore } from './form/controls-store.ts';
import { createEmbeddingsStore, type Embeddings } from './form/embeddings-store.ts';
import { createFastStore, type Fast } from './form/fast-store.ts';
import { snap } from './form/fields.ts';
import { createInitImageStore, type InitImageState } from './form/init-image-store.ts';
import { createKeptList, type KeptList } from './form/kept-list.ts';
import type { MapWorld } from './form/map-recipe.ts';
import { createPicturePromptsStore, type PicturePrompts } from './form/picture-prompts-store.ts';
import { createPromptsStore, type Prompts } from './form/prompts-store.ts';
import { createSegmentsStore, type Segments } from './form/segments-store.ts';
import { createSettingsStore, type Settings } from './form/settings-store.ts';
import type { StylesFault } from './form/styles-csv.ts';
import { createTakeoversStore, type Takeovers } from './form/takeovers-store.ts';
import { createTokensStore, type Tokens } from './form/tokens-store.ts';
import type { WordListFault } from './form/word-list.ts';
import { createGalleryStore } from './gallery/gallery-store.ts';
import { createGalleryViewStore, type GalleryView } from './gallery/gallery-view-store.ts';
import type { GalleryBrowser, Pictures } from './gallery/pictures.ts';
import { createDoneNoticeStore, type DoneNotice } from './jobs/done-notice-store.ts';
import { createExperimentsStore, type Experiments } from './jobs/experiments-store.ts';
import { createGenerationStore, type Generation } from './jobs/generation-store.ts';
import type { Notifier } from './jobs/notifier.ts';
import { createQueueStore, type JobRunner, mayRun, type Queue } from './jobs/queue-store.ts';
import { createSpeedStore, type Speeds } from './jobs/speed-store.ts';
import type { Shortage } from './jobs/step-down.ts';
import { submitTo } from './jobs/submit.ts';
import { createUpscalesStore, type Upscales } from './jobs/upscales-store.ts';
import { copiesOf, noteShortage, remembered } from './memory-shortages.ts';
import { createLanguageStore, type LanguageChoice } from './page/language-store.ts';
import { createNoticeStore, type Notice } from './page/notice-store.ts';
import { createPanelStore, type Panel } from './page/panel-store.ts';
import type { StorageFaults } from './page/storage-store.ts';
import { createThemeStore, type ThemeChoice } from './page/theme-store.ts';
import { randomName } from './random-name.ts';

/** The page's whole state, store by store. */
export interface Stores {
  readonly settings: StoreApi<Settings>;
  readonly fast: StoreApi<Fast>;
  readonly takeovers: StoreApi<Takeovers>;
  readonly prompts: StoreApi<Prompts>;
  readonly generation: StoreApi<Generation>;
  readonly queue: StoreApi<Queue>;
  readonly speed: StoreApi<Speeds>;
  readonly doneNotice: StoreApi<DoneNotice>;
  readonly experiments: StoreApi<Experiments>;
  readonly device: StoreApi<Device>;
  readonly tokens: StoreApi<Tokens>;
  readonly embeddings: StoreApi<Embeddings>;
  /** Lists of words that prompts can call. */
  readonly wildcards: StoreApi<KeptList<WordList, WordListFault>>;
  readonly styles: StoreApi<KeptList<Style, StylesFault>>;
  readonly initImage: StoreApi<InitImageState>;
  readonly controls: StoreApi<Controls>;
  readonly picturePrompts: StoreApi<PicturePrompts>;
  readonly models: StoreApi<Models>;
  readonly hub: StoreApi<HubSettings>;
  readonly hubSearch: StoreApi<HubSearch>;
  readonly memory: StoreApi<Memory>;
  readonly offline: StoreApi<Offline>;
  readonly language: StoreApi<LanguageChoice>;
  readonly panel: StoreApi<Panel>;
  readonly theme: StoreApi<ThemeChoice>;
  readonly notice: StoreApi<Notice>;
  readonly storage: StoreApi<StorageFaults>;
  readonly gallery: StoreApi<Pictures>;
  readonly galleryView: StoreApi<GalleryView>;
  readonly upscales: StoreApi<Upscales>;
  readonly segments: StoreApi<Segments>;
  /** Those of the Draw screen, made by its own script when it is first shown. */
  readonly draw: (create: (world: DrawWorld) => DrawStores) => DrawStores;
}

/** What the stores need of the browser. */
export interface Browser {
  /** The worker that generates. */
  readonly client: Caller;
  /** The worker that looks after the models on this device. */
  readonly library: Caller;
  /** Where settings outlive the page. */
  readonly storage: () => StateStorage;
  /** What of all this is not kept. */
  readonly storageFaults: StoreApi<StorageFaults>;
  readonly files: {
    readonly embeddings: ListStorage<EmbeddingFile>;
    readonly initImage: InitImageStorage;
    readonly controls: FormListStorage<StoredControl>;
    readonly picturePrompts: FormListStorage<StoredPicturePrompt>;
    readonly wildcards: ListStorage<WordList>;
    readonly styles: ListStorage<Style>;
    readonly queue: QueueStorage;
    readonly experiments: ExperimentStorage;
    /** Of the drawing, whose storage is opened by the script of its screen. */
    readonly drawing: StorageNews;
  };
  readonly cache: BrowserCache;
  readonly gallery: GalleryBrowser;
  readonly notifier: Notifier;
  /** BCP 47 tags, the preferred one first. */
  readonly languages: readonly string[];
}

/** All stores, each with what it needs of the browser and of the others. */
export function createStores(browser: Browser): Stores {
  const { client, library, storage, files } = browser;
  const generation = createGenerationStore(client);
  const device = createDeviceStore(client);
  const memory = createMemoryStore(storage);
  const models = createModelsStore(library, () => performance.now());
  // Called when a job starts: the job before it may have found how little memory there is.
  const onThisDevice = (request: GenerationRequest): GenerationRequest => {
    const choice = choiceNow(device.getState(), request.device);
    const asked = { ...request, device: choice };
    const copies = copiesOf(models.getState(), request.model);
    return { ...asked, ...remembered(asked, device.getState(), memory.getState(), copies) };
  };
  const onShortage = (shortage: Shortage) => {
    const copies = copiesOf(models.getState(), shortage.request.model);
    return noteShortage(shortage, device.getState(), memory.getState(), copies);
  };
  const runner: JobRunner = {
    run: ({ request, origin }) => generation.getState().generate(onThisDevice(request), origin, onShortage),
    stop: () => generation.getState().stop(),
  };
  const gallery = createGalleryStore(client, browser.gallery);
  const queue = createQueueStore(runner, files.queue, randomName, gallery.getState().settled);
  const settings = createSettingsStore(randomSeed, storage);
  const nowOn = (choice: DeviceChoice) => choiceNow(device.getState(), choice);
  const initImage = createInitImageStore(client, files.initImage);
  const controls = createControlsStore(client, files.controls, () => mapWorld(settings, models, nowOn));
  models.subscribe(() => controls.getState().makeMissing());
  const picturePrompts = createPicturePromptsStore(client, files.picturePrompts);
  const isIdle = () => {
    const { running, waiting } = queue.getState();
    return !running && !waiting.some(mayRun);
  };
  let drawing: DrawStores | undefined;
  return {
    settings,
    fast: createFastStore(storage),
    takeovers: createTakeoversStore(settings, initImage, controls, picturePrompts),
    prompts: createPromptsStore(storage),
    generation,
    queue,
    experiments: createExperimentsStore(submitTo(queue), files.experiments, () => Date.now(), randomName),
    speed: createSpeedStore(storage),
    doneNotice: createDoneNoticeStore(browser.notifier, storage),
    device,
    tokens: createTokensStore(client),
    embeddings: createEmbeddingsStore(client, files.embeddings),
    wildcards: createKeptList(files.wildcards, async (file) =>
      (await import('./form/word-list.ts')).readWordList(file),
    ),
    styles: createKeptList(files.styles, async (file) =>
      (await import('./form/styles-csv.ts')).readStylesCsv(file),
    ),
    initImage,
    controls,
    picturePrompts,
    models,
    hub: createHubStore(storage),
    hubSearch: createHubSearchStore(library),
    memory,
    offline: createOfflineStore(browser.cache),
    language: createLanguageStore(browser.languages, storage),
    panel: createPanelStore(storage),
    theme: createThemeStore(storage),
    notice: createNoticeStore(),
    storage: browser.storageFaults,
    gallery,
    galleryView: createGalleryViewStore(storage),
    upscales: createUpscalesStore(client, nowOn),
    segments: createSegmentsStore(client, nowOn),
    draw(create) {
      const jobs = { isIdle, subscribe: queue.subscribe };
      const world = { client, storage, drawSeed: randomSeed, queue: jobs, onThisDevice, onShortage };
      drawing ??= create({ ...world, news: files.drawing });
      return drawing;
    },
  };
}

/** What the maps of control layers are made for, and with. */
function mapWorld(
  settings: StoreApi<Settings>,
  models: StoreApi<Models>,
  nowOn: (choice: DeviceChoice) => DeviceChoice,
): MapWorld {
  const { fields } = settings.getState();
  const { installed } = models.getState();
  const depth = installed?.find(({ type, complete }) => type === 'depth' && complete);
  return {
    width: snap(SETTINGS.width, Number(fields.width)),
    height: snap(SETTINGS.height, Number(fields.height)),
    model: depth?.id ?? null,
    device: nowOn(fields.device),
  };
}

/**
 * Reads what earlier visits have stored. For a page that stands already: the browser may refuse it, or never answer.
 * @returns when all of it has answered
 */
export async function loadStored(stores: Stores) {
  const { queue, experiments, embeddings, wildcards, styles, initImage, controls, gallery } = stores;
  const { picturePrompts } = stores;
  await Promise.all([
    queue.getState().adopt(),
    experiments.getState().load(),
    embeddings.getState().load(),
    wildcards.getState().load(),
    styles.getState().load(),
    initImage.getState().load(),
    controls.getState().load(),
    picturePrompts.getState().load(),
    gallery.getState().open(),
  ]);
}

const randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] as number;
