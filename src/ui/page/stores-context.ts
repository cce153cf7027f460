import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { DeviceChoice, UsedDevice } from '../../protocol/device.ts';
import { toWildcards, type Wildcards } from '../../protocol/wildcards.ts';
import { type Device, deviceInUse } from '../../state/device/device-store.ts';
import type { HubSearch } from '../../state/device/hub-search-store.ts';
import type { HubSettings } from '../../state/device/hub-store.ts';
import type { Memory } from '../../state/device/memory-store.ts';
import { type ModelCard, modelCard } from '../../state/device/model-card.ts';
import type { Models } from '../../state/device/models-store.ts';
import type { Offline } from '../../state/device/offline-store.ts';
import type { Controls } from '../../state/form/controls-store.ts';
import type { Embeddings } from '../../state/form/embeddings-store.ts';
import type { InitImageState } from '../../state/form/init-image-store.ts';
import type { PicturePrompts } from '../../state/form/picture-prompts-store.ts';
import type { Prompts } from '../../state/form/prompts-store.ts';
import type { Settings } from '../../state/form/settings-store.ts';
import type { Tokens } from '../../state/form/tokens-store.ts';
import type { GalleryView } from '../../state/gallery/gallery-view-store.ts';
import type { Pictures } from '../../state/gallery/pictures.ts';
import type { DoneNotice } from '../../state/jobs/done-notice-store.ts';
import type { Experiments } from '../../state/jobs/experiments-store.ts';
import type { Generation } from '../../state/jobs/generation-store.ts';
import type { Queue } from '../../state/jobs/queue-store.ts';
import type { Speeds } from '../../state/jobs/speed-store.ts';
import type { Upscales } from '../../state/jobs/upscales-store.ts';
import type { LanguageChoice } from '../../state/page/language-store.ts';
import type { Notice } from '../../state/page/notice-store.ts';
import type { Panel } from '../../state/page/panel-store.ts';
import type { StorageFaults } from '../../state/page/storage-store.ts';
import type { ThemeChoice } from '../../state/page/theme-store.ts';
import type { Stores } from '../../state/stores.ts';

/** Gives the stores to every component below. */
export const StoresContext = createContext<Stores | null>(null);

/** The stores the page was started with. */
export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (stores === null) throw new Error('A component stands outside StoresContext.');
  return stores;
}

/** A part of the form's state; the component renders again only when that part changes. So do all hooks below. */
export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(useStores().settings, select);
}

/** A part of what was in the form before. */
export function usePrompts<T>(select: (prompts: Prompts) => T): T {
  return useStore(useStores().prompts, select);
}

/** A part of the running job's state. */
export function useGeneration<T>(select: (generation: Generation) => T): T {
  return useStore(useStores().generation, select);
}

/** A part of the queue's state. */
export function useQueue<T>(select: (queue: Queue) => T): T {
  return useStore(useStores().queue, select);
}

/** A part of what is known of this device's speed. */
export function useSpeeds<T>(select: (speeds: Speeds) => T): T {
  return useStore(useStores().speed, select);
}

/** A part of the setting for notifications. */
export function useDoneNotice<T>(select: (notice: DoneNotice) => T): T {
  return useStore(useStores().doneNotice, select);
}

/** A part of the token counts. */
export function useTokens<T>(select: (tokens: Tokens) => T): T {
  return useStore(useStores().tokens, select);
}

/** A part of the embeddings' state. */
export function useEmbeddings<T>(select: (embeddings: Embeddings) => T): T {
  return useStore(useStores().embeddings, select);
}

/** The lists of words on this device. */
export function useWildcards(): Wildcards {
  const lists = useStore(useStores().wildcards, ({ items }) => items);
  return useMemo(() => toWildcards(lists), [lists]);
}

/** A part of the initial image's state. */
export function useInitImage<T>(select: (image: InitImageState) => T): T {
  return useStore(useStores().initImage, select);
}

/** A part of the control layers' state. */
export function useControls<T>(select: (controls: Controls) => T): T {
  return useStore(useStores().controls, select);
}

export function usePicturePrompts<T>(select: (store: PicturePrompts) => T): T {
  return useStore(useStores().picturePrompts, select);
}

/** A part of the models' state. */
export function useModels<T>(select: (models: Models) => T): T {
  return useStore(useStores().models, select);
}

/** What is known of the model that is chosen in the form. */
export function useModelCard(): ModelCard {
  const id = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed);
  return modelCard(id, installed);
}

/** A part of what is known of working offline. */
export function useOffline<T>(select: (offline: Offline) => T): T {
  return useStore(useStores().offline, select);
}

/** A part of the language setting. */
export function useLanguage<T>(select: (choice: LanguageChoice) => T): T {
  return useStore(useStores().language, select);
}

/** A part of what is open in the panel. */
export function usePanel<T>(select: (panel: Panel) => T): T {
  return useStore(useStores().panel, select);
}

/** A part of the theme setting. */
export function useTheme<T>(select: (choice: ThemeChoice) => T): T {
  return useStore(useStores().theme, select);
}

/** A part of the notice's state. */
export function useNotice<T>(select: (notice: Notice) => T): T {
  return useStore(useStores().notice, select);
}

/** A part of what is not kept in this browser. */
export function useStorageFaults<T>(select: (faults: StorageFaults) => T): T {
  return useStore(useStores().storage, select);
}

/** A part of what is known of this machine's memory. */
export function useMemory<T>(select: (memory: Memory) => T): T {
  return useStore(useStores().memory, select);
}

/** A part of the Hub settings. */
export function useHub<T>(select: (hub: HubSettings) => T): T {
  return useStore(useStores().hub, select);
}

/** A part of the search on the Hub. */
export function useHubSearch<T>(select: (search: HubSearch) => T): T {
  return useStore(useStores().hubSearch, select);
}

/** A part of what is known of this device. */
export function useDevice<T>(select: (device: Device) => T): T {
  return useStore(useStores().device, select);
}

/** What a choice of device computes on; null where nothing is known. */
export function useDeviceInUse(choice: DeviceChoice): UsedDevice | null {
  const used = useDevice((device) => device.used);
  const report = useDevice((device) => device.report);
  return deviceInUse({ used, report }, choice);
}

/** A part of the gallery's state. */
export function useGallery<T>(select: (gallery: Pictures) => T): T {
  return useStore(useStores().gallery, select);
}

/** A part of how the gallery is shown. */
export function useGalleryView<T>(select: (view: GalleryView) => T): T {
  return useStore(useStores().galleryView, select);
}

/** A part of the upscaled pictures' state. */
export function useUpscales<T>(select: (upscales: Upscales) => T): T {
  return useStore(useStores().upscales, select);
}

/** A part of the experiments' state. */
export function useExperiments<T>(select: (experiments: Experiments) => T): T {
  return useStore(useStores().experiments, select);
}
