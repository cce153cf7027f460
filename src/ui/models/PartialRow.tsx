import { type ModelId, modelLabel } from '../../catalog/models.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useHub, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DeleteButton } from './DeleteButton.tsx';
import { DownloadBar } from './DownloadBar.tsx';
import { expectedType } from './groups.ts';
import { ModelRow } from './ModelRow.tsx';
import { totalBytes } from './total-bytes.ts';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly id: ModelId;
  /** Null until something of it is on this device. */
  readonly model: InstalledModel | null;
}

/** A model whose download is running or paused. */
export function PartialRow({ id, model }: Props) {
  const isRunning = useModels(({ downloads }) => downloads[id] !== undefined);
  const pause = useModels((store) => store.pause);
  const install = useModels((store) => store.install);
  const hub = useHub((settings) => settings);
  const label = modelLabel(id);
  const texts = useModelsTexts();
  const { numbers } = useTexts();
  return (
    <ModelRow
      of={{ type: model?.type ?? expectedType(id), id, label }}
      facts={[
        model ? bytesText(numbers, totalBytes(model)) : null,
        model?.licence ?? null,
        isRunning ? null : texts.paused,
      ]}
    >
      {isRunning && <DownloadBar {...{ id, label }} />}
      {isRunning ? (
        <button type="button" aria-label={texts.pauseModel(label)} onClick={() => pause(id)}>
          {texts.pause}
        </button>
      ) : (
        // What came from disk can only be opened from there again.
        model?.repo && (
          <button
            type="button"
            aria-label={texts.resumeModel(label)}
            onClick={() => void install(model, hubAccess(hub))}
          >
            {texts.resume}
          </button>
        )
      )}
      {model && <DeleteButton model={model} />}
    </ModelRow>
  );
}
