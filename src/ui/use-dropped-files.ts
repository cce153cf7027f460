import { useEffect } from 'react';
import { useStores } from './stores-context.ts';

/** Files dropped or pasted anywhere on the page: embeddings go to the embeddings, all else is a picture to begin with. */
export function useDroppedFiles(): void {
  const { settings, embeddings, initImage } = useStores();
  useEffect(() => {
    const take = (files: FileList | undefined): boolean => {
      const all = [...(files ?? [])];
      const learned = all.filter(({ name }) => name.endsWith('.safetensors'));
      if (learned.length > 0) void embeddings.getState().add(settings.getState().fields.model, learned);
      const picture = all.find((file) => !learned.includes(file));
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
  }, [settings, embeddings, initImage]);
}
