import type { MemoryPlan } from '../../protocol/calls.ts';

/** A plan in one line: “Everything stays loaded, about 3.1 GB.” */
export function memoryText({ residency, guidance, vae, bytes, fits }: MemoryPlan): string {
  const size = bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  const parts = [
    residency === 'all' ? 'Everything stays loaded' : 'One part is loaded at a time',
    ...(guidance === 'in-turn' ? ['the two texts run in turn'] : []),
    ...(vae === 'tiled' ? ['the picture is decoded in tiles'] : []),
    `about ${size}`,
  ];
  return `${parts.join(', ')}.${fits ? '' : ' That may be more than there is.'}`;
}
