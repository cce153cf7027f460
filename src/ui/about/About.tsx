import { useState } from 'react';
import { useModal } from '../page/use-modal.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DialogHeading } from '../widgets/DialogHeading.tsx';
import { Icon } from '../widgets/Icon.tsx';
import styles from './About.module.css';
import { NOTICES_FILE } from './notices.ts';
import { useNotices } from './use-notices.ts';

/** A button that tells what Safelight is, its version, and whose work it is made with. */
export function About() {
  const texts = useTexts().about;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-haspopup="dialog"
        aria-label={texts.label}
        title={texts.label}
        onClick={() => setOpen(true)}
      >
        <Icon name="info" />
      </button>
      {isOpen && <AboutDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function AboutDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts().about;
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={styles.about} aria-label={texts.label} onClose={onClose} closedby="any">
      <div className={styles.content}>
        <DialogHeading close={texts.close} onClose={() => dialog.current?.close()}>
          Safelight {import.meta.env.VERSION}
        </DialogHeading>
        <p>{texts.what}</p>
        <p>{texts.licence}</p>
        <h3>{texts.noticesTitle}</h3>
        <p>
          {texts.notices}{' '}
          <a href={NOTICES_FILE} target="_blank" rel="noopener">
            {texts.asText}
          </a>
        </p>
        <Notices />
      </div>
    </dialog>
  );
}

/** A row each, with the licence's text under it. The texts are English, whatever the page speaks. */
function Notices() {
  const texts = useTexts().about;
  const notices = useNotices();
  if (typeof notices === 'string') return <p role="status">{texts[notices]}</p>;
  return (
    <ul className={styles.notices} lang="en">
      {notices.map(({ title, text }) => (
        <li key={title}>
          <details>
            <summary>{title}</summary>
            <p className={styles.text}>{text}</p>
          </details>
        </li>
      ))}
    </ul>
  );
}
