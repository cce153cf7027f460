import type { ChoiceName } from '../../protocol/settings.ts';
import type { Fields } from '../../state/form/fields.ts';
import { useSettings } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Select } from './Select.tsx';

type Field = Exclude<ChoiceName, 'scheduler'>;
interface Props {
  readonly field: Field;
  /** A sentence about the value chosen. */
  readonly note?: string | undefined;
}

/** A setting that has one of a few values. */
export function ChoiceSelect({ field, note }: Props) {
  const texts = useTexts().fields;
  const value = useSettings(({ fields }) => fields[field]);
  const set = useSettings((settings) => settings.set);
  return (
    <Select<string>
      label={texts.labels[field]}
      help={field}
      value={value}
      options={texts[field]}
      note={note}
      onChange={(choice) => set(field, choice as Fields[Field])}
    />
  );
}
