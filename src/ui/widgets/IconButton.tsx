import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'title'> {
  readonly icon: IconName;
  /** The button's name. */
  readonly label: string;
  /** Whether the name is also shown when the pointer rests on it. */
  readonly hasTooltip?: boolean;
}

/** A button that shows an icon only. */
export function IconButton({ icon, label, hasTooltip = false, ...attributes }: Props) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={hasTooltip ? label : undefined}
      {...attributes}
    >
      <Icon name={icon} />
    </button>
  );
}
