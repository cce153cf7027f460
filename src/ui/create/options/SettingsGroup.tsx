import { type ReactNode, useEffect } from 'react';
import { SCHEDULERS } from '../../../catalog/schedulers.ts';
import { takesSchedule } from '../../../catalog/schedules.ts';
import { type SettingName, settingOf } from '../../../protocol/settings.ts';
import { type Fields, freshFields, modelFields } from '../../../state/form/fields.ts';
import type { Group } from '../../../state/page/panel-store.ts';
import { useModelCard, usePanel, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './Options.module.css';

interface Props {
  readonly group: Group;
  /** The settings in it. */
  readonly names: readonly SettingName[];
  /** What else is in use of it. */
  readonly used?: string | undefined;
  readonly children: ReactNode;
}

/** Settings under a heading that opens and closes them. When closed, it says how many were changed; a fault opens it. */
export function SettingsGroup({ group, names, used, children }: Props) {
  const texts = useTexts().create;
  const isOpen = usePanel(({ open }) => open[group]);
  const turn = usePanel((panel) => panel.turn);
  const { defaults } = useModelCard();
  const changed = useSettings(({ fields }) => {
    const usual: Fields = { ...freshFields(0), ...modelFields(defaults) };
    return names.filter((name) => isUsed(name, fields) && fields[name] !== usual[name]).length;
  });
  const notes = useSettings((settings) => settings.notes);
  useEffect(() => {
    if (names.some((name) => name in notes)) turn(group, true);
  }, [notes, names, group, turn]);
  return (
    <details
      className={styles.group}
      open={isOpen}
      onToggle={({ currentTarget }) => turn(group, currentTarget.open)}
    >
      <summary>
        <h2>{texts.groups[group]}</h2> {!isOpen && changed > 0 && <span>· {texts.changed(changed)}</span>}
        {!isOpen && used && <span>· {used}</span>}
      </summary>
      <div className={styles.fields}>{children}</div>
    </details>
  );
}

export const readsEta = ({ scheduler }: Fields) => 'readsEta' in SCHEDULERS[scheduler];

/** Whether a setting is one of the picture's own: not the seed, which is drawn, nor one that the form does not use. */
function isUsed(name: SettingName, fields: Fields): boolean {
  if (name === 'eta') return readsEta(fields);
  if (name === 'cacheBranchId') return fields.cacheInterval !== '1';
  if (name === 'schedule') return takesSchedule(fields.scheduler);
  return name !== 'seed' && (name === 'hiresUpscaler' || settingOf(name).within === undefined);
}
