import { type CSSProperties, useState } from 'react';
import { hiresSize } from '../../../protocol/hires.ts';
import { useGeneration } from '../../page/stores-context.ts';
import { Lightbox } from './Lightbox.tsx';
import { Print } from './Print.tsx';
import styles from './Sheet.module.css';

/** The pictures of a run: one print, or a contact sheet of several, about as many rows as columns. */
export function Sheet() {
  const id = useGeneration(({ run }) => run?.id);
  const count = useGeneration(({ run }) => run?.pictures.length ?? 0);
  const request = useGeneration(({ run }) => run?.request);
  const [open, setOpen] = useState<number | null>(null);
  if (!request) return null;

  const size = request.hires ? hiresSize(request, request.hires.scale) : request;
  const columns = Math.ceil(Math.sqrt(count));
  const style = {
    '--columns': columns,
    '--rows': Math.ceil(count / columns),
    '--ratio': size.width / size.height,
    '--width': `${size.width}px`,
  } as CSSProperties;

  return (
    <>
      <ul className={styles.sheet} style={style} data-several={count > 1 || undefined}>
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a picture is its place in its run
          <Print key={`${id} ${index}`} index={index} onOpen={count > 1 ? setOpen : undefined} />
        ))}
      </ul>
      {open !== null && <Lightbox index={open} onTurn={setOpen} />}
    </>
  );
}
