import { type RefObject, useState } from 'react';
import { fromWire, toWire } from '../../../protocol/errors.ts';
import { pictureFileName } from '../../page/picture-file-name.ts';
import { saveFile } from '../../page/save-file.ts';
import { useGeneration } from '../../page/stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './Filmstrip.module.css';
import { type FilmFrame, filmGif, filmVideo, stripPng, videoType } from './filmstrip-files.ts';

interface Props {
  readonly index: number;
  readonly strip: RefObject<HTMLOListElement | null>;
  /** The id of what names the strip. */
  readonly describedBy: string;
}

/** Saves the filmstrip of a finished picture: as one picture, or as a film. */
export function FilmstripButtons({ index, strip, describedBy }: Props) {
  const { easel: texts, errors } = useTexts();
  const [saving, setSaving] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const prompt = useGeneration(({ run }) => run?.pictures[index]?.texts?.prompt ?? run?.request.prompt ?? '');
  const seed = useGeneration(({ run }) => run?.pictures[index]?.seed ?? 0);
  const frames = useGeneration(({ run }) => run?.pictures[index]?.frames);
  const video = videoType();

  const save = async (what: string, ending: string, make: (frames: FilmFrame[]) => Promise<Blob>) => {
    const canvases = strip.current?.querySelectorAll('canvas');
    if (saving || !canvases || !frames) return;
    setSaving(what);
    setFault(null);
    try {
      const shown = frames.map(({ pass, step }, i) => ({
        canvas: canvases[i] as HTMLCanvasElement,
        label: pass === 2 ? `+${step}` : String(step),
      }));
      saveFile(await make(shown), pictureFileName(prompt, seed).replace(/\.png$/, `-film.${ending}`));
    } catch (error) {
      const { sentence, remedy } = errorText(errors, 'save', fromWire(toWire(error)));
      setFault(texts.notSaved(`${sentence} ${remedy}`));
    } finally {
      setSaving(null);
    }
  };
  const button = (what: string, ending: string, make: (frames: FilmFrame[]) => Promise<Blob>) => (
    <button
      type="button"
      aria-disabled={saving !== null}
      aria-describedby={describedBy}
      onClick={() => void save(what, ending, make)}
    >
      {saving === what ? texts.saving : what}
    </button>
  );
  return (
    <div className={styles.save}>
      {button(texts.saveStrip, 'png', stripPng)}
      {button(texts.saveGif, 'gif', filmGif)}
      {video &&
        button(texts.saveVideo, video.startsWith('video/mp4') ? 'mp4' : 'webm', (shown) =>
          filmVideo(shown, video),
        )}
      {fault && <p role="alert">{fault}</p>}
    </div>
  );
}
