import type { SettingName } from '../../../protocol/settings.ts';
import { useDevice, useGeneration, useSettings } from '../../page/stores-context.ts';
import { memoryText } from '../../texts/memory-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ChoiceSelect } from '../../widgets/ChoiceSelect.tsx';
import { HelpButton } from '../../widgets/HelpButton.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { EmbeddingList } from './EmbeddingList.tsx';
import { LoraList } from './LoraList.tsx';
import { ComponentSelect } from './ModelSelect.tsx';
import styles from './Options.module.css';
import { readsEta } from './SettingsGroup.tsx';

/** The settings of the section, row by row. */
const ROWS = [
  ['guidanceRescale'],
  ['guidanceStart', 'guidanceEnd'],
  ['clipSkip'],
  ['emphasis'],
  ['eta'],
  ['cacheInterval'],
  ['cacheBranchId'],
  ['gateStep'],
  ['memory'],
  ['unet'],
  ['textEncoder'],
] as const;
type Name = (typeof ROWS)[number][number];

export const ADVANCED_NAMES: readonly SettingName[] = ['device', 'filmstrip', ...ROWS.flat()];

/** Settings that most pictures never need. */
export function MoreOptions() {
  return (
    <>
      <DeviceSelect />
      <Filmstrip />
      {ROWS.map((row) => (
        <Row key={row[0]} row={row} />
      ))}
      <LoraList />
      <EmbeddingList />
    </>
  );
}

/** A setting, or the two ends of the part of a run that is guided. */
function Row({ row: [name, end] }: { readonly row: readonly [name: Name, end?: Name] }) {
  const { partsOfRun } = useTexts().create;
  if (end === undefined) return <Control name={name} />;
  return (
    <div>
      <div className={styles.pair}>
        <Control name={name} />
        <Control name={end} />
      </div>
      <p className={styles.hint}>{partsOfRun}</p>
    </div>
  );
}

function Control({ name }: { readonly name: Name }) {
  switch (name) {
    case 'eta':
      return <Eta />;
    case 'cacheBranchId':
      return <Branch />;
    case 'memory':
      return <Memory />;
    case 'unet':
    case 'textEncoder':
      return <ComponentSelect field={name} />;
    case 'emphasis':
      return <ChoiceSelect field={name} />;
    default:
      return <NumberInput field={name} />;
  }
}

/** Shown only for the samplers that use it, or if it is wrong. */
function Eta() {
  const isShown = useSettings(({ fields, notes }) => readsEta(fields) || notes.eta !== undefined);
  return isShown && <NumberInput field="eta" />;
}

/** Shown only with DeepCache, or if it is wrong. */
function Branch() {
  const isShown = useSettings(({ fields, notes }) => fields.cacheInterval !== '1' || notes.cacheBranchId);
  return isShown && <NumberInput field="cacheBranchId" />;
}

/** What stays loaded, and how much memory the last run took. */
function Memory() {
  const { create, numbers } = useTexts();
  const plan = useGeneration((generation) => generation.plan);
  const note = plan ? create.lastRun(memoryText(create.plan, numbers, plan)) : undefined;
  return <ChoiceSelect field="memory" note={note} />;
}

function DeviceSelect() {
  const { notTheGpu } = useTexts().device;
  const reason = useDevice(({ report }) => (report?.auto === 'wasm' ? report.reason : undefined));
  return <ChoiceSelect field="device" note={reason && notTheGpu[reason]} />;
}

function Filmstrip() {
  const texts = useTexts();
  const label = texts.fields.labels.filmstrip;
  const filmstrip = useSettings(({ fields }) => fields.filmstrip);
  const set = useSettings((settings) => settings.set);
  return (
    <div>
      <div className={styles.switch}>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={filmstrip}
            onChange={(event) => set('filmstrip', event.target.checked)}
          />
          <span>{label}</span>
        </label>
        <HelpButton name="filmstrip" label={label} />
      </div>
      <p className={styles.hint}>{texts.create.filmstrip}</p>
    </div>
  );
}
