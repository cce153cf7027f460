import { type KeyboardEvent, useState } from 'react';
import { BORDER_STEP } from './extend-border.ts';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onSet: (pixels: number) => void;
}

/** A number of pixels in steps of 8: taken as soon as it is one, snapped when the field is left. */
export function PixelInput({ label, value, max, onSet }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    if (typed !== null) onSet(Number(typed));
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // The form around would take it for Generate.
    event.preventDefault();
    leave();
  };
  return (
    <label>
      {label}
      <input
        type="number"
        inputMode="numeric"
        min={0}
        max={max}
        step={BORDER_STEP}
        value={typed ?? value}
        onChange={({ target }) => {
          setTyped(target.value);
          if (Number(target.value) % BORDER_STEP === 0) onSet(Number(target.value));
        }}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}
