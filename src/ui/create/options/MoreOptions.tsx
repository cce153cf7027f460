import { useEffect, useRef } from 'react';
import { SCHEDULERS } from '../../../catalog/schedulers.ts';
import { type Fields, freshFields } from '../../../state/form/fields.ts';
import { useGeneration, useSettings } from '../../page/stores-context.ts';
import type { Texts } from '../../texts/en.ts';
import { memoryText } from '../../texts/memory-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { Select } from '../../widgets/Select.tsx';
import { EmbeddingList } from './EmbeddingList.tsx';
import { LoraList } from './LoraList.tsx';
import { ComponentSelect } from './ModelSelect.tsx';
import styles from './Options.module.css';

const NUMBERS = ['guidanceRescale', 'guidanceStart', 'guidanceEnd', 'clipSkip', 'eta'] as const;
const FIELDS = [...NUMBERS, 'emphasis', 'noise', 'memory'] as const;

/** Settings that most pictures never need. When closed, it says how many were changed; a fault opens it. */
export function MoreOptions() {
  const texts = useTexts().create;
  const details = useRef<HTMLDetailsElement>(null);
  const changed = useSettings(({ fields }) => {
    const usual = freshFields(0);
    return FIELDS.filter((field) => fields[field] !== usual[field]).length;
  });
  const notes = useSettings((settings) => settings.notes);
  useEffect(() => {
    const isFaulty = NUMBERS.some((field) => notes[field]);
    if (details.current && isFaulty) details.current.open = true;
  }, [notes]);
  return (
    <details ref={details} className={styles.more}>
      <summary>
        {texts.more}
        {changed > 0 && <span className={styles.changed}> · {texts.changed(changed)}</span>}
      </summary>
      <div className={styles.moreFields}>
        <NumberInput field="guidanceRescale" />
        <div>
          <div className={styles.pair}>
            <NumberInput field="guidanceStart" />
            <NumberInput field="guidanceEnd" />
          </div>
          <p className={styles.hint}>{texts.partsOfRun}</p>
        </div>
        <NumberInput field="clipSkip" />
        <ChoiceSelect field="emphasis" />
        <Eta />
        <ChoiceSelect field="noise" />
        <Memory />
        <ComponentSelect component="unet" />
        <ComponentSelect component="text_encoder" />
        <LoraList />
        <EmbeddingList />
      </div>
    </details>
  );
}

/** Shown only for the samplers that use it. */
function Eta() {
  const isRead = useSettings(({ fields }) => 'readsEta' in SCHEDULERS[fields.scheduler]);
  return isRead && <NumberInput field="eta" />;
}

/** What stays loaded, and how much memory the last run took. */
function Memory() {
  const { create, fields: words, numbers } = useTexts();
  const memory = useSettings(({ fields }) => fields.memory);
  const set = useSettings((settings) => settings.set);
  const plan = useGeneration((generation) => generation.plan);
  return (
    <Select
      label={words.labels.memory}
      about={words.about.memory}
      value={memory}
      options={words.memory}
      note={plan ? create.lastRun(memoryText(create.plan, numbers, plan)) : undefined}
      onChange={(value) => set('memory', value)}
    />
  );
}

function ChoiceSelect<Name extends 'emphasis' | 'noise'>({ field }: { readonly field: Name }) {
  const texts = useTexts().fields;
  const value = useSettings(({ fields }) => fields[field]);
  const set = useSettings((settings) => settings.set);
  const options: Texts['fields'][Name] = texts[field];
  return (
    <Select
      label={texts.labels[field]}
      about={texts.about[field]}
      value={value}
      options={options as Readonly<Record<Fields[Name], string>>}
      onChange={(value) => set(field, value)}
    />
  );
}
