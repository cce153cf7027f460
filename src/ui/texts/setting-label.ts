import { hiresName } from '../../protocol/hires.ts';

/**
 * The label of the setting that an error names, or null if it names none.
 * @param field as a request spells it: `seed`, `image.strength`, `hires.scale`
 */
export function settingLabel(
  labels: Readonly<Record<string, string>>,
  field: string | number | undefined,
): string | null {
  const [, group, name = ''] = /^(?:(image|hires)\.)?(\w+)$/.exec(String(field)) ?? [];
  return labels[group === 'hires' ? hiresName(name) : name] ?? null;
}
