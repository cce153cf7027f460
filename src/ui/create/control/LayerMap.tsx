import { useEffect, useMemo, useRef, useState } from 'react';
import type { Size } from '../../../protocol/placement.ts';
import { useControls, useLanguage, useSettings } from '../../page/stores-context.ts';
import { LAYER_TEXTS } from '../../texts/layer-texts.ts';
import { useObjectUrl } from '../../widgets/use-object-url.ts';
import { MaskEditor } from '../start-image/MaskEditor.tsx';
import { useMaskDrawing } from '../start-image/use-mask-drawing.ts';
import type { PlacedOnCanvas } from '../start-image/use-placement.ts';
import styles from './Layer.module.css';
import type { LayerProps } from './layer-props.ts';

/** The map as the model gets it: it can be looked at large, inverted, and painted on. */
export function LayerMap({ layer, number }: LayerProps) {
  const texts = LAYER_TEXTS[useLanguage(({ language }) => language)];
  const change = useControls((controls) => controls.change);
  const isMaking = useControls(({ making }) => making.includes(layer.id));
  const [isOpen, setOpen] = useState(false);
  const { id, map, strokes, isInverted } = layer;
  const size = useSize(map);
  const url = useObjectUrl(map);
  const ratio = useSettings(({ fields }) => Number(fields.width) / Number(fields.height));
  const mask = useMemo(() => ({ strokes, isInverted }), [strokes, isInverted]);
  if (size === 'no-picture')
    return (
      <p role="alert" className={styles.fault}>
        {texts.brokenMap}
      </p>
    );
  if (!map || !size || !url) return isMaking && <p className={styles.hint}>{texts.making}</p>;
  const placed = wholly(size);
  return (
    <div className={styles.map}>
      <button
        type="button"
        className={styles.look}
        aria-label={texts.look}
        title={texts.look}
        onClick={() => setOpen(true)}
      >
        <Thumbnail {...{ map, mask, placed }} />
      </button>
      <button type="button" aria-pressed={isInverted} onClick={() => change(id, { isInverted: !isInverted })}>
        {texts.invert}
      </button>
      {isMaking && <p className={styles.hint}>{texts.making}</p>}
      {Math.abs(size.width / size.height / ratio - 1) > OTHER_SHAPE && (
        <p className={styles.hint}>{texts.stretched}</p>
      )}
      {isOpen && (
        <MaskEditor
          {...{ url, placed, mask }}
          ofMap={{ file: map, label: texts.mapOf(number), howTo: texts.howTo, erase: texts.black }}
          onDone={(next) => {
            change(id, { strokes: next?.strokes ?? [], isInverted: next?.isInverted ?? false });
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}

/** By how much of their ratio two shapes must differ to be seen as others. */
const OTHER_SHAPE = 0.02;
/** Pixels of its longer side. */
const SIDE = 192;

function Thumbnail({
  map,
  mask,
  placed,
}: Pick<Parameters<typeof MaskEditor>[0], 'placed'> & {
  readonly map: Blob;
  readonly mask: Pick<LayerProps['layer'], 'strokes' | 'isInverted'>;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useMaskDrawing(canvas, mask, placed, SIDE, map);
  return <canvas ref={canvas} {...size} />;
}

/** A picture on a canvas of its own size. */
function wholly(size: Size): PlacedOnCanvas {
  const all = { x: 0, y: 0, ...size };
  return { file: size, canvas: size, room: all, placement: { whole: all, window: all } };
}

/** Pixels of a picture's file; null until they are known. */
function useSize(file: Blob | null): Size | 'no-picture' | null {
  const [size, setSize] = useState<Size | 'no-picture' | null>(null);
  useEffect(() => {
    if (!file) return setSize(null);
    let isGone = false;
    createImageBitmap(file).then(
      (bitmap) => {
        if (!isGone) setSize({ width: bitmap.width, height: bitmap.height });
        bitmap.close();
      },
      () => !isGone && setSize('no-picture'),
    );
    return () => {
      isGone = true;
    };
  }, [file]);
  return size;
}
