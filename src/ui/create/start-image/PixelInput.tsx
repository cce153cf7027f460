import { type KeyboardEvent, useState } from 'react';
import { BORDER_STEP } from './extend-border.ts';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onSet: (pixels: number) => void;
}

/** A number of pixels: a multiple of 8 is taken as it is typed, other numbers are snapped when the field is left. */
export function PixelInput({ label, value, max, onSet }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    if (typed !== null) onSet(Number(typed));
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // It would submit the form around.
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
