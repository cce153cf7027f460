import { RECOMMENDED_BACKGROUND_REMOVAL } from '../../catalog/recommended-parts.ts';
import { useStores, useUpscales } from '../page/stores-context.ts';
import { lazily } from '../widgets/lazily.tsx';

const OfferModel = lazily(
  async () => (await import('../widgets/OfferModel.tsx')).OfferModel,
  () => null,
);

/** The offer to fetch what removes backgrounds, where a picture's is to be removed and nothing here can. `of` is the picture's key. */
export function BackgroundOffer({ of }: { readonly of: string }) {
  const { upscales } = useStores();
  const lacking = useUpscales((store) => (store.lacking?.of === of ? store.lacking : null));
  if (!lacking) return null;
  return (
    <div data-offer>
      <OfferModel
        model={RECOMMENDED_BACKGROUND_REMOVAL.id}
        onFetched={lacking.go}
        onDismiss={() => upscales.setState({ lacking: null })}
      />
    </div>
  );
}
