import type { MemoryPlan } from '../../protocol/device.ts';
import type { Texts } from './en.ts';

/** A plan in one line: “Everything stays loaded, about 3.1 GB.” */
export function memoryText(
  texts: Texts['create']['plan'],
  numbers: Texts['numbers'],
  { residency, guidance, vae, bytes, fits }: MemoryPlan,
): string {
  const size = bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${numbers.fixed(bytes / 1e9, 1)} GB`;
  const parts = [
    residency === 'all' ? texts.all : texts['one-by-one'],
    ...(guidance === 'in-turn' ? [texts.inTurn] : []),
    ...(vae === 'tiled' ? [texts.tiled] : []),
    texts.about(size),
  ];
  return `${parts.join(', ')}.${fits ? '' : ` ${texts.tooMuch}`}`;
}
