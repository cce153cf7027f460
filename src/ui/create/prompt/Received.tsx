import { type ComponentType, useEffect, useState } from 'react';
import type { ReceivedPicture } from '../../../state/form/init-image-store.ts';
import { useInitImage, useStores } from '../../page/stores-context.ts';

/** What asks about a received picture. */
type Dialog = ComponentType<{ readonly picture: ReceivedPicture; readonly onUse: () => void }>;

/** Asks what is to be done with a picture that says how it was made. Without what asks, it is started from. */
export function Received({ onUse }: { readonly onUse: () => void }) {
  const { initImage } = useStores();
  const received = useInitImage((image) => image.received);
  const [Dialog, setLoaded] = useState<Dialog | null>(null);
  useEffect(() => {
    if (!received) return;
    import('./ReceivedDialog.tsx').then(
      (loaded) => setLoaded(() => loaded.ReceivedDialog),
      () => {
        const { take, dismissReceived } = initImage.getState();
        dismissReceived();
        void take(received.file);
      },
    );
  }, [received, initImage]);
  return received && Dialog && <Dialog key={received.url} picture={received} onUse={onUse} />;
}
