import { type ModelKind, SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import { DEVICE_CHOICES } from '../../state/fields.ts';
import { useDevice, useModelCard, useSettings } from '../stores-context.ts';
import { Icon } from '../widgets/Icon.tsx';
import { NumberInput } from '../widgets/NumberInput.tsx';
import { Select } from '../widgets/Select.tsx';
import { EnlargeOptions } from './EnlargeOptions.tsx';
import { ModelSelect } from './ModelSelect.tsx';
import { MoreOptions } from './MoreOptions.tsx';
import styles from './Options.module.css';
import { StartImage } from './StartImage.tsx';

const SAMPLERS = Object.fromEntries(
  Object.entries(SCHEDULERS).map(([id, { label }]) => [id, label]),
) as Record<SchedulerId, string>;

/** How to paint it. */
export function Options() {
  return (
    <section className={styles.options} aria-label="Settings">
      <ModelSelect />
      <StartImage />
      <NumberInput field="steps" slider about="num_inference_steps: how often the picture is refined" />
      <Guidance />
      <Sampler />
      <Seed />
      <Size />
      <EnlargeOptions />
      <NumberInput field="images" slider about="num_images_per_prompt: image i has seed + i" />
      <DeviceSelect />
      <Filmstrip />
      <MoreOptions />
    </section>
  );
}

/** Those that are right for the model first. */
function Sampler() {
  const sampler = useSettings(({ fields }) => fields.sampler);
  const { label, kind } = useModelCard();
  const set = useSettings((settings) => settings.set);
  const suits = (id: SchedulerId) => (SCHEDULERS[id].suits as readonly ModelKind[]).includes(kind);
  const ids = Object.keys(SCHEDULERS) as SchedulerId[];
  const { about } = SCHEDULERS[sampler];
  return (
    <Select
      label="Sampler"
      about="scheduler: the path from noise to picture"
      value={sampler}
      options={SAMPLERS}
      groups={{
        [`Right for ${label}`]: ids.filter(suits),
        'For other kinds of model': ids.filter((id) => !suits(id)),
      }}
      note={suits(sampler) ? about : `${about} ${label} is none: expect no good picture.`}
      onChange={(value) => set('sampler', value)}
    />
  );
}

function Guidance() {
  const unguided = useSettings(({ fields }) => fields.guidance !== '' && Number(fields.guidance) <= 1);
  const hasNegative = useSettings(({ fields }) => fields.negative.trim() !== '');
  return (
    <div>
      <NumberInput field="guidance" slider about="guidance_scale: how closely to follow the prompt" />
      {unguided && (
        <p className={styles.hint}>
          At 1 or less there is no guidance{hasNegative && ', and the negative prompt is not read'}.
        </p>
      )}
    </div>
  );
}

function Seed() {
  const locked = useSettings((settings) => settings.seedLocked);
  const setSeedLocked = useSettings((settings) => settings.setSeedLocked);
  const drawSeed = useSettings((settings) => settings.drawSeed);
  return (
    <div>
      <NumberInput
        field="seed"
        about="The number the noise is made from: the same seed and settings, the same picture"
      >
        <button
          type="button"
          className="icon-button"
          aria-label="Random seed"
          title="Random seed"
          onClick={drawSeed}
        >
          <Icon name="dice" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Lock seed"
          aria-pressed={locked}
          title="Lock seed"
          onClick={() => setSeedLocked(!locked)}
        >
          <Icon name={locked ? 'locked' : 'unlocked'} />
        </button>
      </NumberInput>
      <p className={styles.hint}>
        {locked ? 'Kept until you unlock it.' : 'Used once, then a new one is drawn.'}
      </p>
    </div>
  );
}

function Size() {
  const model = useModelCard();
  const { width, height } = model.defaults;
  const isUsual = useSettings(
    ({ fields }) => fields.width === String(width) && fields.height === String(height),
  );
  return (
    <div>
      <div className={styles.pair}>
        <NumberInput field="width" about="width in pixels, a multiple of 8" />
        <NumberInput field="height" about="height in pixels, a multiple of 8" />
      </div>
      {!isUsual && (
        <p className={styles.hint}>
          {model.label} was trained at {width} × {height}; other sizes come out stranger.
        </p>
      )}
    </div>
  );
}

function DeviceSelect() {
  const device = useSettings(({ fields }) => fields.device);
  const set = useSettings((settings) => settings.set);
  const reason = useDevice(({ report }) => (report?.auto === 'wasm' ? report.reason : undefined));
  return (
    <Select
      label="Device"
      about="Where the model runs"
      value={device}
      options={DEVICE_CHOICES}
      note={reason}
      onChange={(value) => set('device', value)}
    />
  );
}

function Filmstrip() {
  const filmstrip = useSettings(({ fields }) => fields.filmstrip);
  const set = useSettings((settings) => settings.set);
  return (
    <div>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={filmstrip}
          onChange={(event) => set('filmstrip', event.target.checked)}
        />
        <span>Filmstrip</span>
      </label>
      <p className={styles.hint}>Decodes the picture in full eight times along the way.</p>
    </div>
  );
}
