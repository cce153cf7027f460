import { RECOMMENDED, type RecommendedId } from '../../catalog/models.ts';
import {
  RECOMMENDED_BACKGROUND_REMOVAL,
  RECOMMENDED_CONTROLS,
  RECOMMENDED_DEPTH,
  RECOMMENDED_IP_ADAPTERS,
  RECOMMENDED_SEGMENTER,
  RECOMMENDED_UPSCALERS,
  RECOMMENDED_VAES,
  type RecommendedPart,
} from '../../catalog/recommended-parts.ts';
import { useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';
import { RecommendedRow } from './RecommendedRow.tsx';
import { useModelsTexts } from './use-models-texts.ts';
import { useRoom } from './use-room.ts';

/** Models that are worth downloading and not on this device, by what they are for. */
export function Recommended() {
  const texts = useModelsTexts();
  const { groups } = texts;
  const { numbers } = useTexts();
  const room = useRoom();
  const installed = useModels((store) => store.installed) ?? [];
  const downloads = useModels((store) => store.downloads);
  const isAbsent = ({ id }: Recommendation) =>
    downloads[id] === undefined && !installed.some((model) => model.id === id);
  const toPaint = RECOMMENDED.filter(isAbsent);
  const large = toPaint.filter(({ needsBytes }) => needsBytes > room);
  return (
    <>
      <List title={groups.paint} models={toPaint.filter((model) => !large.includes(model))} />
      {large.length > 0 && (
        <details className={styles.large}>
          <summary>{texts.tooLarge}</summary>
          <p className={styles.hint}>{texts.roomHere(bytesText(numbers, room))}</p>
          <Rows models={large} />
        </details>
      )}
      <List
        title={groups.steer}
        models={[
          ...[...RECOMMENDED_CONTROLS, ...RECOMMENDED_IP_ADAPTERS, ...RECOMMENDED_DEPTH],
          RECOMMENDED_SEGMENTER,
        ].filter(isAbsent)}
      />
      <List
        title={groups.enlarge}
        models={[...RECOMMENDED_UPSCALERS, RECOMMENDED_BACKGROUND_REMOVAL].filter(isAbsent)}
      />
      <List title={groups.parts} models={RECOMMENDED_VAES.filter(isAbsent)} />
    </>
  );
}

type Recommendation = RecommendedPart & { readonly id: RecommendedId };

function List({ title, models }: { readonly title: string; readonly models: readonly Recommendation[] }) {
  if (models.length === 0) return null;
  return (
    <>
      <h3 className={styles.group}>{title}</h3>
      <Rows models={models} />
    </>
  );
}

function Rows({ models }: { readonly models: readonly Recommendation[] }) {
  return (
    <ul>
      {models.map((model) => (
        <RecommendedRow key={model.id} model={model} />
      ))}
    </ul>
  );
}
