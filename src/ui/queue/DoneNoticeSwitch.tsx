import { useDoneNotice } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './Queue.module.css';

/** Switches the notification at the end of the queue on and off. */
export function DoneNoticeSwitch() {
  const texts = useTexts().queue;
  const { isOn, refused, turn } = useDoneNotice((notice) => notice);
  if (!('Notification' in globalThis)) return null;
  return (
    <div className={styles.notice}>
      <label>
        <input type="checkbox" checked={isOn} onChange={(event) => void turn(event.target.checked)} />
        {texts.tellWhenDone}
      </label>
      {refused && <p role="status">{texts.noNotifications[refused]}</p>}
    </div>
  );
}
