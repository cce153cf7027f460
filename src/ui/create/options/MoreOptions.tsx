import { useEffect, useRef } from 'react';
import { SCHEDULERS } from '../../../catalog/schedulers.ts';
import { type Fields, freshFields } from '../../../state/form/fields.ts';
import { useGeneration, useSettings } from '../../page/stores-context.ts';
import { memoryText } from '../../texts/memory-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ChoiceSelect } from '../../widgets/ChoiceSelect.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { EmbeddingList } from './EmbeddingList.tsx';
import { LoraList } from './LoraList.tsx';
import { ComponentSelect } from './ModelSelect.tsx';
import styles from './Options.module.css';

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
  ['noise'],
  ['memory'],
  ['unet'],
  ['textEncoder'],
] as const;
type Name = (typeof ROWS)[number][number];
const NAMES: readonly Name[] = ROWS.flat();

const readsEta = ({ scheduler }: Fields) => 'readsEta' in SCHEDULERS[scheduler];

/** Settings that most pictures never need. When closed, it says how many were changed; a fault opens it. */
export function MoreOptions() {
  const texts = useTexts().create;
  const details = useRef<HTMLDetailsElement>(null);
  const changed = useSettings(({ fields }) => {
    const usual = freshFields(0);
    return NAMES.filter((name) => fields[name] !== usual[name] && (name !== 'eta' || readsEta(fields)))
      .length;
  });
  const notes = useSettings((settings) => settings.notes);
  useEffect(() => {
    const isFaulty = NAMES.some((name) => name in notes);
    if (details.current && isFaulty) details.current.open = true;
  }, [notes]);
  return (
    <details ref={details} className={styles.more}>
      <summary>
        {texts.more}
        {changed > 0 && <span className={styles.changed}> · {texts.changed(changed)}</span>}
      </summary>
      <div className={styles.moreFields}>
        {ROWS.map((row) => (
          <Row key={row[0]} row={row} />
        ))}
        <LoraList />
        <EmbeddingList />
      </div>
    </details>
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
    case 'noise':
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
