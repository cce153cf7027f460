import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { SETTING_NAMES, settingOf } from '../../protocol/settings.ts';
import { useLanguage, useModelCard } from '../page/stores-context.ts';
import type { HelpName, SettingHelpTexts } from '../texts/setting-help.ts';
import { DIFFUSERS_NAMES, SETTING_HELP } from '../texts/setting-help-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './HelpButton.module.css';

interface Props {
  readonly name: HelpName;
  /** The setting's own label. */
  readonly label: string;
}

/** A setting's help under its label. */
export function HelpText(props: Props) {
  return (
    <>
      <p className={styles.title}>{props.label}</p>
      <HelpSentences {...props} />
    </>
  );
}

/** What a setting does, what more or less of it brings, what to begin with, and last what other programs call it. */
export function HelpSentences({ name, label }: Props) {
  const texts = SETTING_HELP[useLanguage(({ language }) => language)];
  const { does, change, start } = texts.settings[name];
  const usual = useUsual(texts, name);
  const elsewhere = namesElsewhere(name, label);
  return (
    <>
      <p>{does}</p>
      <p>{change}</p>
      <p>
        <b>{texts.start}</b> {usual} {start}
      </p>
      {elsewhere && <p className={styles.elsewhere}>{texts.elsewhere(elsewhere)}</p>}
    </>
  );
}

/** What the model in use begins with, where it says that. */
function useUsual({ usual }: SettingHelpTexts, name: HelpName): string {
  const { numbers } = useTexts();
  const { label, defaults } = useModelCard();
  if (name === 'scheduler') return usual(label, SCHEDULERS[defaults.scheduler].label);
  const value = (defaults as Readonly<Partial<Record<HelpName, number | string>>>)[name];
  return typeof value === 'number' ? usual(label, numbers.plain(value)) : '';
}

/** “guidance_scale (diffusers), CFG scale (A1111)”: the names that are not its label. */
function namesElsewhere(name: HelpName, label: string): string {
  const setting = SETTING_NAMES.find((one) => one === name);
  const names = [
    [DIFFUSERS_NAMES[name], 'diffusers'],
    [setting && settingOf(setting).a1111, 'A1111'],
  ] as const;
  return names
    .flatMap(([one, program]) =>
      one && one.toLowerCase() !== label.toLowerCase() ? `${one} (${program})` : [],
    )
    .join(', ');
}
