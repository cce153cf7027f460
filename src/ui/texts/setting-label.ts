/**
 * The label of the setting that an error names, or null if it names none.
 * @param field as a request spells it: `seed`, `image.strength`, `hires.scale`
 */
export function settingLabel(
  labels: Readonly<Record<string, string>>,
  field: string | number | undefined,
): string | null {
  const [, group, name = ''] = /^(?:(image|hires)\.)?(\w+)$/.exec(String(field)) ?? [];
  const setting = group === 'hires' ? `hires${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
  return labels[setting] ?? null;
}
