import { useEffect } from 'react';
import type { ModelId } from '../../catalog/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useDevice, useHub, useStores } from '../page/stores-context.ts';
import { FetchModel } from './FetchModel.tsx';

interface Props {
  readonly model: ModelId;
  readonly onFetched?: () => void;
  readonly onDismiss: () => void;
}

/** Looks a model up that is needed and not here, and offers to fetch it. */
export function OfferModel({ model, onFetched = () => {}, onDismiss }: Props) {
  const { models } = useStores();
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu');
  const access = hubAccess(hub);
  const { endpoint, token } = access;
  useEffect(() => {
    if (!models.getState().downloads[model])
      void models.getState().lookUp(model, { endpoint, token }, preferHalf);
  }, [models, model, endpoint, token, preferHalf]);
  return <FetchModel {...{ model, onFetched, onDismiss }} />;
}
