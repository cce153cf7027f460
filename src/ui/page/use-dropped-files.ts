import { useEffect } from 'react';
import { useStores } from './stores-context.ts';

/** No embedding has so many bytes, and hardly a LoRA so few. */
const LARGEST_EMBEDDING = 2e6;

/**
 * Files dropped or pasted anywhere on the page: checkpoints and LoRAs go to the models, embeddings to the embeddings, all
 * else is a picture to begin with.
 */
export function useDroppedFiles(): void {
  const { settings, embeddings, initImage, models } = useStores();
  useEffect(() => {
    const take = (files: FileList | undefined): boolean => {
      const all = [...(files ?? [])];
      const tensors = all.filter(({ name }) => name.endsWith('.safetensors'));
      const learned = tensors.filter(({ size }) => size <= LARGEST_EMBEDDING);
      for (const file of tensors) if (!learned.includes(file)) void models.getState().importFile(file);
      if (learned.length > 0) void embeddings.getState().add(settings.getState().fields.model, learned);
      const picture = all.find((file) => !tensors.includes(file));
      if (picture) void initImage.getState().take(picture);
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
  }, [settings, embeddings, initImage, models]);
}
