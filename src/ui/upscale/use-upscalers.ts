import type { InstalledModel } from '../../protocol/models.ts';
import { useModels } from '../page/stores-context.ts';

/** The upscalers on this device. */
export function useUpscalers(): readonly InstalledModel[] {
  const installed = useModels((models) => models.installed) ?? [];
  return installed.filter(({ type, complete }) => type === 'upscaler' && complete);
}
