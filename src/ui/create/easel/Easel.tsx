import { useState } from 'react';
import { SCHEDULERS } from '../../../catalog/schedulers.ts';
import { isBusy } from '../../../state/jobs/generation-store.ts';
import { useGeneration, useQueue, useSettings } from '../../page/stores-context.ts';
import { FromLastVisit } from '../../queue/FromLastVisit.tsx';
import { errorText } from '../../texts/error-text.ts';
import { memoryText } from '../../texts/memory-text.ts';
import { textOf } from '../../texts/text-of.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './Easel.module.css';
import { Filmstrip } from './Filmstrip.tsx';
import { GpuGivenUp } from './GpuGivenUp.tsx';
import { Progress } from './Progress.tsx';
import { Recent } from './Recent.tsx';
import { Resting } from './Resting.tsx';
import { SaveFailure } from './SaveFailure.tsx';
import { Sheet } from './Sheet.tsx';

/** Where pictures develop, with errors above and progress below. */
export function Easel() {
  const texts = useTexts().easel;
  const busy = useGeneration(isBusy);
  const empty = useGeneration(({ run }) => run === null);
  // The last picture of an earlier visit may be there.
  const isBefore = useGeneration(({ run }) => run === null || run.origin.kind === 'gallery');
  const isLeft = useQueue(({ waiting }) => waiting.some(({ isHeld }) => isHeld));
  const [isLooking, setLooking] = useState(true);
  return (
    <section
      className={busy ? styles.lit : styles.easel}
      aria-label={texts.label}
      aria-busy={(empty && isLooking) || undefined}
    >
      <Refused />
      <Failure />
      <SaveFailure className={styles.failure} />
      <Substitute />
      <TagNotes />
      <LoraNotes />
      <SteppedDown />
      <GpuGivenUp />
      {isBefore && !busy && isLeft && <FromLastVisit />}
      <div className={styles.stage}>
        {empty && !busy && <Resting {...{ isLooking }} onLooked={() => setLooking(false)} />}
        {empty && busy && <BlankSheet />}
        {!empty && <Sheet />}
      </div>
      <div className={styles.tray}>
        <Progress />
      </div>
      <Filmstrip />
      <Recent />
    </section>
  );
}

/** The paper before the first preview. */
function BlankSheet() {
  const ratio = useGeneration(({ request }) => (request ? request.width / request.height : 1));
  return <div className={styles.blank} style={{ aspectRatio: ratio }} />;
}

function Failure() {
  const texts = useTexts().errors;
  const error = useGeneration((generation) => generation.error);
  if (error === null) return null;
  const { sentence, remedy } = errorText(texts, 'create', error);
  return (
    <div role="alert" className={styles.failure}>
      <p>{sentence}</p>
      <p>{remedy}</p>
    </div>
  );
}

/** Says that the model's own sampler is unknown and was replaced. */
function Substitute() {
  const texts = useTexts().easel;
  const asked = useGeneration(({ run }) => run?.unknownScheduler);
  const used = useGeneration(({ run }) => run && SCHEDULERS[run.request.scheduler].label);
  if (!asked || !used) return null;
  return (
    <div className={styles.notice}>
      <p>{texts.substitute(asked, used)}</p>
    </div>
  );
}

/** The tags of the prompt that were not done as they are written. */
function TagNotes() {
  const texts = useTexts().easel;
  const notes = useGeneration(({ run }) => run?.tagNotes);
  if (!notes || notes.length === 0) return null;
  return (
    <div className={styles.notice}>
      <div>
        <p>{texts.tags}</p>
        <ul>
          {notes.map((note, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a prompt may hold a tag twice, and the list never changes.
            <li key={i}>{textOf(texts.tagNotes, note)}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Says what of the LoRAs could not be used, and whose strength is a guess. */
function LoraNotes() {
  const { loraNotes } = useTexts().easel;
  const notes = useGeneration(({ run }) => run?.loraNotes);
  if (!notes || notes.length === 0) return null;
  return (
    <div className={styles.notice}>
      <div>
        {notes.map((note) => (
          <p key={`${note.kind} ${note.lora}`}>{textOf(loraNotes, note)}</p>
        ))}
      </div>
    </div>
  );
}

/** Says that the run filled the memory, and what it went on with. */
function SteppedDown() {
  const { easel: texts, create, numbers } = useTexts();
  const less = useGeneration(({ run }) => run?.steppedDown);
  const plan = useGeneration((generation) => generation.plan);
  if (!less) return null;
  return (
    <div className={styles.notice} role="status">
      <p>
        {texts.steppedDown(less.bits)} {plan && memoryText(create.plan, numbers, plan)}
      </p>
    </div>
  );
}

/** The parameters of the link that were ignored. */
function Refused() {
  const { easel: texts, fields } = useTexts();
  const refused = useSettings((settings) => settings.refused);
  const dismiss = useSettings((settings) => settings.dismissRefused);
  if (refused.length === 0) return null;
  return (
    <div className={styles.notice}>
      <div>
        <p>{texts.refused}</p>
        <ul>
          {refused.map(({ name, value, expected }) => (
            <li key={name}>
              {name}={value} ({textOf(fields.expected, expected)})
            </li>
          ))}
        </ul>
      </div>
      <IconButton icon="close" label={texts.dismiss} onClick={dismiss} />
    </div>
  );
}
