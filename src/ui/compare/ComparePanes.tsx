import { type CSSProperties, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useLanguage } from '../page/stores-context.ts';
import { COMPARE_TEXTS } from '../texts/compare-texts.ts';
import { CompareSlider, type Labelled } from '../widgets/CompareSlider.tsx';
import { IconButton } from '../widgets/IconButton.tsx';
import styles from './ComparePanes.module.css';

interface Props {
  readonly left: Labelled;
  readonly right: Labelled;
  /** Width by height of the wider one. */
  readonly ratio: number;
}

const MOST_ZOOM = 8;

/** Two pictures under a slider or side by side. Enlarged, both show the same part, wherever one of them is moved. */
export function ComparePanes({ left, right, ratio }: Props) {
  const texts = COMPARE_TEXTS[useLanguage(({ language }) => language)];
  const [beside, setBeside] = useState(false);
  const [zoom, setZoom] = useState(1);
  const turn = (by: number) => setZoom((before) => Math.min(MOST_ZOOM, Math.max(1, before * by)));
  const style = { '--zoom': zoom, '--ratio': ratio } as CSSProperties;
  return (
    <>
      <div className={styles.tools}>
        <span>
          <button type="button" aria-pressed={!beside} onClick={() => setBeside(false)}>
            {texts.slider}
          </button>
          <button type="button" aria-pressed={beside} onClick={() => setBeside(true)}>
            {texts.sideBySide}
          </button>
        </span>
        <span>
          <IconButton
            icon="minus"
            label={texts.zoomOut}
            hasTooltip
            aria-disabled={zoom === 1}
            onClick={() => turn(0.5)}
          />
          <output>{texts.zoomed(zoom)}</output>
          <IconButton
            icon="plus"
            label={texts.zoomIn}
            hasTooltip
            aria-disabled={zoom === MOST_ZOOM}
            onClick={() => turn(2)}
          />
        </span>
      </div>
      <Panes {...{ style, beside }} name={zoom > 1 ? texts.scroll : null}>
        {beside ? (
          [left, right].map(({ url, label }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the left one and the right one
            <img key={i} src={url ?? undefined} alt={label} draggable={false} />
          ))
        ) : (
          <CompareSlider {...{ left, right, ratio }} />
        )}
      </Panes>
    </>
  );
}

interface PanesProps {
  readonly style: CSSProperties;
  readonly beside: boolean;
  /** What scrolls is called; null where nothing does. */
  readonly name: string | null;
  readonly children: ReactNode;
}

/** Each of the children in a window of its own; all windows show the same part. */
function Panes({ style, beside, name, children }: PanesProps) {
  const panes = useRef<HTMLDivElement>(null);
  const follow = (moved: HTMLElement) => {
    for (const pane of panes.current?.children ?? []) {
      if (pane === moved) continue;
      // Both are as large, but a difference of half a pixel would go back and forth.
      if (Math.abs(pane.scrollLeft - moved.scrollLeft) > 1) pane.scrollLeft = moved.scrollLeft;
      if (Math.abs(pane.scrollTop - moved.scrollTop) > 1) pane.scrollTop = moved.scrollTop;
    }
  };
  // A finger scrolls by itself.
  const drag = ({ currentTarget, buttons, pointerType, movementX, movementY }: PointerEvent) => {
    if (beside && buttons === 1 && pointerType === 'mouse') currentTarget.scrollBy(-movementX, -movementY);
  };
  const all = Array.isArray(children) ? (children as ReactNode[]) : [children];
  return (
    <div ref={panes} className={styles.panes} style={style} data-beside={beside || undefined}>
      {all.map((child, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the left one and the right one
          key={i}
          className={styles.pane}
          {...(name !== null && { tabIndex: 0, role: 'group', 'aria-label': name })}
          onScroll={({ currentTarget }) => follow(currentTarget)}
          onPointerMove={drag}
        >
          <div className={styles.content}>{child}</div>
        </div>
      ))}
    </div>
  );
}
