import type { GenerationRequest } from '../../protocol/generation.ts';
import { deviceText } from '../texts/device-text.ts';
import { errorText } from '../texts/error-text.ts';
import { progressText, secondsText } from '../texts/progress-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './DrawScreen.module.css';
import { useDrawTexts, useLive } from './use-draw.ts';

/** One line below the picture: what is being painted, what is waited for, or what the picture is. */
export function LiveStatus() {
  const { errors } = useTexts();
  const error = useLive((live) => live.error);
  const isResting = useLive((live) => live.phase === 'resting');
  if (error && isResting) {
    const { sentence, remedy } = errorText(errors, 'draw', error);
    return (
      <p role="alert" className={styles.fault}>
        {sentence} {remedy}
      </p>
    );
  }
  return isResting ? <Outcome /> : <Progress />;
}

function Progress() {
  const texts = useDrawTexts();
  const { progress: words } = useTexts();
  const isHeld = useLive((live) => live.phase === 'held');
  const progress = useLive((live) => live.progress);
  const request = useLive((live) => live.request);
  return (
    <p className={styles.status}>
      {isHeld ? texts.held : progressText(words, { phase: 'running', progress, request })}
    </p>
  );
}

function Outcome() {
  const texts = useDrawTexts();
  const { progress: words, device } = useTexts();
  const picture = useLive((live) => live.picture);
  if (!picture) return <p className={styles.status} />;
  const { seconds, width, height, request, device: used } = picture;
  const facts = [
    texts.painted(secondsText(words, seconds), width, height),
    texts.steps(stepsRun(request)),
    ...(used ? [deviceText(device, used)] : []),
  ];
  return <p className={styles.status}>{facts.join(' · ')}</p>;
}

/** The steps that ran: the rest is left to the drawing. */
const stepsRun = ({ numInferenceSteps, image }: GenerationRequest) =>
  Math.min(numInferenceSteps, Math.floor(numInferenceSteps * (image?.strength ?? 1)));
