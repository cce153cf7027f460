import type { HelpName } from '../../texts/setting-help.ts';
import { HelpButton } from '../../widgets/HelpButton.tsx';
import styles from './Layer.module.css';

interface Props {
  readonly label: string;
  readonly help: HelpName;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A checkbox with its help. */
export function LayerSwitch({ label, help, isOn, onChange }: Props) {
  return (
    <div className={styles.check}>
      <label>
        <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} />
        {label}
      </label>
      <HelpButton name={help} label={label} />
    </div>
  );
}
