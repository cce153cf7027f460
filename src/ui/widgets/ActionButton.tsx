import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'title'> {
  readonly icon: IconName;
  /** The button's name. */
  readonly label: string;
  /** The id of what says which picture it is for. */
  readonly describedBy: string;
}

/** Something that can be done with a picture: an icon with its name, which CSS hides where there is no room for it. */
export function ActionButton({ icon, label, describedBy, ...attributes }: Props) {
  return (
    <button type="button" aria-label={label} aria-describedby={describedBy} title={label} {...attributes}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}
