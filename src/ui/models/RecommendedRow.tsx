import type { RecommendedId, RecommendedModel } from '../../catalog/models.ts';
import type { RecommendedPart } from '../../catalog/recommended-parts.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useDevice, useHub, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { expectedType } from './groups.ts';
import { ModelRow } from './ModelRow.tsx';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly model: (RecommendedPart | RecommendedModel) & { readonly id: RecommendedId };
}

/** A recommended model that is not on this device. */
export function RecommendedRow({ model }: Props) {
  const texts = useModelsTexts();
  const { numbers } = useTexts();
  const { id, label, licence, downloadBytes, revision } = model;
  const fetch = useModels((store) => store.fetch);
  const canStore = useModels(({ noStorage }) => noStorage === null);
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu');
  const facts = [
    bytesText(numbers, downloadBytes),
    ...('needsBytes' in model && preferHalf ? [texts.atWork(bytesText(numbers, model.needsBytes))] : []),
    licence,
  ];
  return (
    <ModelRow of={{ type: expectedType(id), id, label }} about={texts.about[id]} facts={facts}>
      {canStore && (
        <button
          type="button"
          aria-label={texts.downloadModel(label)}
          onClick={() => void fetch(id, atRevision(id, revision), hubAccess(hub), preferHalf)}
        >
          {texts.download}
        </button>
      )}
    </ModelRow>
  );
}

/** `owner/name@revision`, and a file's path behind it. */
function atRevision(id: RecommendedId, revision: string): string {
  const [owner, name, ...path] = id.split('/');
  return [owner, `${name}@${revision}`, ...path].join('/');
}
