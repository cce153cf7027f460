import { useEffect } from 'react';
import {
  RECOMMENDED,
  RECOMMENDED_UPSCALERS,
  RECOMMENDED_VAES,
  type RecommendedId,
  type RecommendedModel,
  type RecommendedVae,
  USUAL_MEMORY_BYTES,
} from '../../catalog/models.ts';
import type { AppError } from '../../protocol/errors.ts';
import { leastHeld, memoryDevice } from '../../state/device/memory-store.ts';
import { useDevice, useMemory, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { AddModel } from './AddModel.tsx';
import { BundledRow } from './BundledRow.tsx';
import { HubForm } from './HubForm.tsx';
import { InstalledRow } from './InstalledRow.tsx';
import { MeasureGpu } from './MeasureGpu.tsx';
import styles from './ModelsScreen.module.css';
import { PartialRow } from './PartialRow.tsx';
import { RecommendedRow } from './RecommendedRow.tsx';
import { StorageLine } from './StorageLine.tsx';

/** The models on this device, and those that can be added. */
export function ModelsScreen({ onUse }: { readonly onUse: () => void }) {
  const { models: texts, numbers } = useTexts();
  const models = useModels(({ installed }) => installed) ?? [];
  const downloads = useModels((store) => store.downloads);
  const refresh = useModels((store) => store.refresh);
  // The browser may have cleared some of them.
  useEffect(() => void refresh(), [refresh]);
  const noStorage = useModels((store) => store.noStorage);
  const room = useRoom();
  const known = models.map(({ id }) => id);
  const unlisted = Object.keys(downloads).filter((id) => !known.includes(id));
  const absent = RECOMMENDED.filter(({ id }) => ![...known, ...unlisted].includes(id));
  const others = [...RECOMMENDED_VAES, ...RECOMMENDED_UPSCALERS].filter(
    ({ id }) => ![...known, ...unlisted].includes(id),
  );
  const large = absent.filter(({ needsBytes }) => needsBytes > room);
  return (
    <main className={styles.models} aria-label={texts.label}>
      <section aria-label={texts.here}>
        <h2>{texts.here}</h2>
        <ul>
          <BundledRow onUse={onUse} />
          {unlisted.map((id) => (
            <PartialRow key={id} id={id} model={null} />
          ))}
          {models.map((model) =>
            model.complete ? (
              <InstalledRow key={model.id} model={model} onUse={onUse} />
            ) : (
              <PartialRow key={model.id} id={model.id} model={model} />
            ),
          )}
        </ul>
        <StorageLine />
      </section>
      {noStorage ? <NoStorage error={noStorage} /> : <AddModel />}
      <section aria-label={texts.recommended}>
        <h2>{texts.recommended}</h2>
        <Recommended models={[...absent.filter((model) => !large.includes(model)), ...others]} />
        {large.length > 0 && (
          <details className={styles.large}>
            <summary>{texts.tooLarge}</summary>
            <p className={styles.hint}>{texts.roomHere(bytesText(numbers, room))}</p>
            <Recommended models={large} />
          </details>
        )}
        {!noStorage && <HubForm />}
      </section>
      <MeasureGpu />
    </main>
  );
}

/** Why nothing can be added, in the place of what adds it. */
function NoStorage({ error }: { readonly error: AppError }) {
  const { models: texts, errors: words } = useTexts();
  const { sentence, remedy } = errorText(words, 'models', error);
  return (
    <section aria-label={texts.add}>
      <h2>{texts.anyOther}</h2>
      <p className={styles.noStorage}>
        {sentence} {remedy}
      </p>
    </section>
  );
}

function Recommended({
  models,
}: {
  readonly models: readonly ((RecommendedVae | RecommendedModel) & { readonly id: RecommendedId })[];
}) {
  return (
    <ul>
      {models.map((model) => (
        <RecommendedRow key={model.id} model={model} />
      ))}
    </ul>
  );
}

/** Bytes of a half-precision model that this device is expected to hold; half as many where it keeps numbers in full precision. */
function useRoom(): number {
  const report = useDevice((device) => device.report);
  const used = useDevice((device) => device.used);
  const held = useMemory((memory) => leastHeld(memory, memoryDevice({ used, report }, 'auto')));
  if (!report) return Number.POSITIVE_INFINITY;
  const bytes = held ?? USUAL_MEMORY_BYTES[report.auto];
  return report.auto === 'webgpu' ? bytes : bytes / 2;
}
