import { isRefused, SCHEDULERS, type SchedulerId, suits } from '../../../catalog/schedulers.ts';
import { takesSchedule } from '../../../catalog/schedules.ts';
import { HIRES_NAMES, IMAGE_NAMES, type SettingName } from '../../../protocol/settings.ts';
import {
  useControls,
  useModelCard,
  usePanel,
  usePicturePrompts,
  useSettings,
} from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ChoiceSelect } from '../../widgets/ChoiceSelect.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import { lazily } from '../../widgets/lazily.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { Select } from '../../widgets/Select.tsx';
import { StartImage } from '../start-image/StartImage.tsx';
import { HiresOptions } from './HiresOptions.tsx';
import { ModelSelect } from './ModelSelect.tsx';
import { ADVANCED_NAMES, MoreOptions } from './MoreOptions.tsx';
import styles from './Options.module.css';
import { SettingsGroup } from './SettingsGroup.tsx';
import { Size } from './Size.tsx';

const LABELS = Object.fromEntries(Object.entries(SCHEDULERS).map(([id, { label }]) => [id, label])) as Record<
  SchedulerId,
  string
>;

const PICTURE_NAMES: readonly SettingName[] = [
  'width',
  'height',
  'numImages',
  ...HIRES_NAMES,
  ...IMAGE_NAMES,
];
const GUIDANCE_NAMES: readonly SettingName[] = [
  'numInferenceSteps',
  'guidanceScale',
  'scheduler',
  'schedule',
];
const NONE: readonly SettingName[] = [];
const SEED_NAMES: readonly SettingName[] = ['seed', 'noise'];

const ControlLayers = lazily(
  async () => (await import('../control/ControlLayers.tsx')).ControlLayers,
  () => null,
);

const PicturePrompts = lazily(
  async () => (await import('../picture-prompts/PicturePrompts.tsx')).PicturePrompts,
  () => null,
);

interface Props {
  /** Shows the Models screen. */
  readonly toModels: () => void;
}

/** The settings in groups, those that most people use first. */
export function Options({ toModels }: Props) {
  return (
    <section className={styles.options} aria-label={useTexts().create.settings}>
      <ModelSelect />
      <SettingsGroup group="picture" names={PICTURE_NAMES}>
        <Size />
        <NumberInput field="numImages" />
        <HiresOptions />
        <StartImage />
      </SettingsGroup>
      <Control toModels={toModels} />
      <Shown toModels={toModels} />
      <SettingsGroup group="guidance" names={GUIDANCE_NAMES}>
        <NumberInput field="numInferenceSteps" />
        <Guidance />
        <Sampler />
        <Schedule />
      </SettingsGroup>
      <SettingsGroup group="seed" names={SEED_NAMES}>
        <Seed />
        <ChoiceSelect field="noise" />
      </SettingsGroup>
      <SettingsGroup group="advanced" names={ADVANCED_NAMES}>
        <MoreOptions />
      </SettingsGroup>
    </section>
  );
}

/** What steers the picture: loaded when it is first opened. */
function Control({ toModels }: Props) {
  const texts = useTexts().create;
  const isOpen = usePanel(({ open }) => open.control);
  const count = useControls(({ layers }) => layers.length);
  return (
    <SettingsGroup group="control" names={NONE} used={count > 0 ? texts.layers(count) : undefined}>
      {isOpen && <ControlLayers toModels={toModels} />}
    </SettingsGroup>
  );
}

/** Pictures as prompts: loaded when they are first opened. */
function Shown({ toModels }: Props) {
  const isOpen = usePanel(({ open }) => open.picturePrompts);
  const count = usePicturePrompts(({ prompts }) => prompts.length);
  return (
    <SettingsGroup group="picturePrompts" names={NONE} used={count > 0 ? String(count) : undefined}>
      {isOpen && <PicturePrompts toModels={toModels} />}
    </SettingsGroup>
  );
}

/** The samplers that suit the model come first. */
function Sampler() {
  const scheduler = useSettings(({ fields }) => fields.scheduler);
  const { label, kind } = useModelCard();
  const set = useSettings((settings) => settings.set);
  const ids = Object.keys(SCHEDULERS) as SchedulerId[];
  const { fields: words, samplers: texts } = useTexts();
  const aboutSampler = suits(scheduler, kind) ? texts.about[scheduler] : texts.unsuited(label);
  return (
    <Select
      label={words.labels.scheduler}
      help="scheduler"
      value={scheduler}
      options={LABELS}
      groups={{
        [texts.right(label)]: ids.filter((id) => suits(id, kind)),
        [texts.others]: ids.filter((id) => !suits(id, kind)),
      }}
      note={isRefused(scheduler, kind) ? texts.refused(label) : aboutSampler}
      onChange={(value) => set('scheduler', value)}
    />
  );
}

/** Shown for the samplers that can follow another schedule than their own. */
function Schedule() {
  const isShown = useSettings(({ fields }) => takesSchedule(fields.scheduler));
  return isShown && <ChoiceSelect field="schedule" />;
}

function Guidance() {
  const texts = useTexts().create;
  const unguided = useSettings(
    ({ fields }) => fields.guidanceScale !== '' && Number(fields.guidanceScale) <= 1,
  );
  const hasNegative = useSettings(({ fields }) => fields.negativePrompt.trim() !== '');
  return (
    <div>
      <NumberInput field="guidanceScale" />
      {unguided && <p className={styles.hint}>{hasNegative ? texts.unguidedNegative : texts.unguided}</p>}
    </div>
  );
}

function Seed() {
  const texts = useTexts().create;
  const locked = useSettings((settings) => settings.seedLocked);
  const setSeedLocked = useSettings((settings) => settings.setSeedLocked);
  const drawSeed = useSettings((settings) => settings.drawSeed);
  return (
    <div>
      <NumberInput field="seed">
        <IconButton icon="dice" label={texts.randomSeed} hasTooltip onClick={drawSeed} />
        <IconButton
          icon={locked ? 'locked' : 'unlocked'}
          label={texts.lockSeed}
          hasTooltip
          aria-pressed={locked}
          onClick={() => setSeedLocked(!locked)}
        />
      </NumberInput>
      <p className={styles.hint}>{locked ? texts.seedKept : texts.seedDrawn}</p>
    </div>
  );
}
