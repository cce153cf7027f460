import { useEffect, useRef } from 'react';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { defaultFields, MEMORY_CHOICES, NOISE_SOURCES } from '../../state/fields.ts';
import { useGeneration, useSettings } from '../stores-context.ts';
import { NumberInput } from '../widgets/NumberInput.tsx';
import { Select } from '../widgets/Select.tsx';
import { EmbeddingList } from './EmbeddingList.tsx';
import { LoraList } from './LoraList.tsx';
import { ComponentSelect } from './ModelSelect.tsx';
import { memoryText } from './memory-text.ts';
import styles from './Options.module.css';

const FIELDS = ['rescale', 'guidanceStart', 'guidanceEnd', 'clipSkip', 'eta', 'noise', 'memory'] as const;

/** What most pictures never need. Closed, it says how many differ from what they are at first; a fault opens it. */
export function MoreOptions() {
  const details = useRef<HTMLDetailsElement>(null);
  const changed = useSettings(({ fields }) => {
    const usual = defaultFields(0);
    return FIELDS.filter((field) => fields[field] !== usual[field]).length;
  });
  const notes = useSettings((settings) => settings.notes);
  useEffect(() => {
    const isFaulty = FIELDS.some((field) => field !== 'noise' && field !== 'memory' && notes[field]);
    if (details.current && isFaulty) details.current.open = true;
  }, [notes]);
  return (
    <details ref={details} className={styles.more}>
      <summary>
        More settings{changed > 0 && <span className={styles.changed}> · {changed} changed</span>}
      </summary>
      <div className={styles.moreFields}>
        <NumberInput
          field="rescale"
          slider
          about="guidance_rescale: keeps strong guidance from overexposing the picture"
        />
        <div>
          <div className={styles.pair}>
            <NumberInput field="guidanceStart" about="Where in the run guidance begins" />
            <NumberInput field="guidanceEnd" about="Where in the run guidance ends" />
          </div>
          <p className={styles.hint}>Parts of the run: 0 is its start, 1 its end.</p>
        </div>
        <NumberInput
          field="clipSkip"
          slider
          about="clip_skip: layers of the text encoder left out at the end"
        />
        <Eta />
        <Noise />
        <Memory />
        <ComponentSelect component="unet" />
        <ComponentSelect component="text_encoder" />
        <LoraList />
        <EmbeddingList />
      </div>
    </details>
  );
}

/** diffusers' classes whose `step` takes eta. */
const READS_ETA: readonly string[] = ['DDIMScheduler', 'TCDScheduler'];

/** Only where the sampler reads it. */
function Eta() {
  const isRead = useSettings(({ fields }) => READS_ETA.includes(SCHEDULERS[fields.sampler].className));
  return isRead && <NumberInput field="eta" slider about="eta: how much fresh noise each step brings" />;
}

/** What stays loaded; what that comes to is known once a run has begun. */
function Memory() {
  const memory = useSettings(({ fields }) => fields.memory);
  const set = useSettings((settings) => settings.set);
  const plan = useGeneration((generation) => generation.plan);
  return (
    <Select
      label="Memory"
      about="What of the model stays loaded between its parts' turns"
      value={memory}
      options={MEMORY_CHOICES}
      note={plan ? `Last run: ${memoryText(plan)}` : undefined}
      onChange={(value) => set('memory', value)}
    />
  );
}

function Noise() {
  const noise = useSettings(({ fields }) => fields.noise);
  const set = useSettings((settings) => settings.set);
  return (
    <Select
      label="Noise"
      about="Whose random numbers make the noise: the same seed gives the same picture as there"
      value={noise}
      options={NOISE_SOURCES}
      onChange={(value) => set('noise', value)}
    />
  );
}
