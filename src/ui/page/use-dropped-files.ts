import { useEffect } from 'react';
import { CHECKPOINT_END } from '../../catalog/models.ts';
import { receivePicture } from '../../state/actions/take-over.ts';
import { useStores } from './stores-context.ts';

/** Bytes: embeddings are smaller, and a few LoRAs. */
const MAX_EMBEDDING_BYTES = 2e6;

/**
 * Takes files dropped or pasted anywhere on the page: checkpoints and LoRAs are imported as models, small tensor files as
 * embeddings where they are no LoRAs, and anything else becomes the initial image, unless it says how it was made: then the
 * person is asked.
 */
export function useDroppedFiles(): void {
  const stores = useStores();
  useEffect(() => {
    const { settings, embeddings, models } = stores;
    const take = (files: FileList | undefined): boolean => {
      const all = [...(files ?? [])];
      const tensors = all.filter(({ name }) => CHECKPOINT_END.test(name));
      const small = tensors.filter(({ name, size }) => size <= MAX_EMBEDDING_BYTES && !/\.gguf$/i.test(name));
      const large = tensors.filter((file) => !small.includes(file));
      const config = all.filter(({ name }) => tensors.length > 0 && name === 'adapter_config.json');
      const importFiles = (files: readonly File[]) => {
        if (files.length > 0) void models.getState().importFiles([...files, ...config]);
      };
      importFiles(large);
      if (small.length > 0)
        void embeddings.getState().add(settings.getState().fields.model, small).then(importFiles);
      const picture = all.find((file) => !tensors.includes(file) && !config.includes(file));
      if (picture) void receivePicture(stores, picture);
      return all.length > 0;
    };
    const onDragOver = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      if (take(event.dataTransfer?.files)) event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent) => void take(event.clipboardData?.files);
    addEventListener('dragover', onDragOver);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [stores]);
}
