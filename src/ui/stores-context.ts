import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../state/device/device.ts';
import type { HubSettings } from '../state/device/hub-access.ts';
import type { Memory } from '../state/device/memory.ts';
import { type ModelCard, type Models, modelCard } from '../state/device/models.ts';
import type { Offline } from '../state/device/offline.ts';
import type { Embeddings } from '../state/form/embeddings.ts';
import type { InitImageState } from '../state/form/init-image.ts';
import type { Settings } from '../state/form/settings.ts';
import type { Tokens } from '../state/form/tokens.ts';
import type { Pictures } from '../state/gallery/gallery.ts';
import type { DoneNotice } from '../state/jobs/done-notice.ts';
import type { Experiments } from '../state/jobs/experiments.ts';
import type { Generation } from '../state/jobs/generation.ts';
import type { Pace } from '../state/jobs/pace.ts';
import type { Queue } from '../state/jobs/queue.ts';
import type { Upscales } from '../state/jobs/upscales.ts';
import type { LanguageChoice } from '../state/page/language.ts';
import type { Notice } from '../state/page/notice.ts';
import type { Stores } from '../state/stores.ts';

/** Hands the stores to every component below. */
export const StoresContext = createContext<Stores | null>(null);

/** The stores the page was started with. */
export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (stores === null) throw new Error('A component stands outside StoresContext.');
  return stores;
}

/** A part of the form; the component renders again only when that part changes. */
export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(useStores().settings, select);
}

/** A part of the job. */
export function useGeneration<T>(select: (generation: Generation) => T): T {
  return useStore(useStores().generation, select);
}

/** A part of the queue. */
export function useQueue<T>(select: (queue: Queue) => T): T {
  return useStore(useStores().queue, select);
}

/** A part of how fast requests were painted. */
export function usePace<T>(select: (pace: Pace) => T): T {
  return useStore(useStores().pace, select);
}

/** A part of whether to tell when the queue is done. */
export function useDoneNotice<T>(select: (notice: DoneNotice) => T): T {
  return useStore(useStores().doneNotice, select);
}

/** A part of what is known of the texts' length. */
export function useTokens<T>(select: (tokens: Tokens) => T): T {
  return useStore(useStores().tokens, select);
}

/** A part of the textual inversions. */
export function useEmbeddings<T>(select: (embeddings: Embeddings) => T): T {
  return useStore(useStores().embeddings, select);
}

/** A part of the picture to begin with. */
export function useInitImage<T>(select: (image: InitImageState) => T): T {
  return useStore(useStores().initImage, select);
}

/** A part of what is known of the models. */
export function useModels<T>(select: (models: Models) => T): T {
  return useStore(useStores().models, select);
}

/** The model chosen in the form. */
export function useModelCard(): ModelCard {
  const id = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed);
  return modelCard(id, installed);
}

/** A part of what works without a network. */
export function useOffline<T>(select: (offline: Offline) => T): T {
  return useStore(useStores().offline, select);
}

/** A part of the choice of language. */
export function useLanguage<T>(select: (choice: LanguageChoice) => T): T {
  return useStore(useStores().language, select);
}

/** A part of what is said to have worked. */
export function useNotice<T>(select: (notice: Notice) => T): T {
  return useStore(useStores().notice, select);
}

/** A part of what is known of this machine's memory. */
export function useMemory<T>(select: (memory: Memory) => T): T {
  return useStore(useStores().memory, select);
}

/** A part of where models are fetched from. */
export function useHub<T>(select: (hub: HubSettings) => T): T {
  return useStore(useStores().hub, select);
}

/** A part of what is known of the machine. */
export function useDevice<T>(select: (device: Device) => T): T {
  return useStore(useStores().device, select);
}

/** A part of the gallery. */
export function useGallery<T>(select: (gallery: Pictures) => T): T {
  return useStore(useStores().gallery, select);
}

/** A part of the finished pictures that were made larger. */
export function useUpscales<T>(select: (upscales: Upscales) => T): T {
  return useStore(useStores().upscales, select);
}

/** A part of the experiments. */
export function useExperiments<T>(select: (experiments: Experiments) => T): T {
  return useStore(useStores().experiments, select);
}
