import { parametersText } from '../../../metadata/a1111/a1111.ts';
import { readSettingsJson, settingsJson } from '../../../metadata/safelight.ts';
import { linkCopied, pictureLink } from '../../../state/actions/picture-link.ts';
import { removeBackground } from '../../../state/actions/remove-background.ts';
import type { NoticeFact } from '../../../state/page/notice-store.ts';
import { pictureFileName } from '../../page/picture-file-name.ts';
import { useGeneration, useNotice, useStores, useUpscales } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { Menu } from '../../widgets/Menu.tsx';

/** Copies or shares a finished picture, or removes its background; a notice says whether that worked. */
export function ShareMenu({ index, describedBy }: { index: number; describedBy: string }) {
  const { create: texts, easel } = useTexts();
  const stores = useStores();
  const picture = useGeneration(({ run }) => run?.pictures[index]);
  const ofRun = useGeneration(({ run }) => run?.request);
  const say = useNotice((notice) => notice.say);
  const upscaled = useUpscales((store) => store.made[picture?.url ?? '']);
  const png = upscaled?.png ?? picture?.png;
  if (!picture?.url || !png || !ofRun) return null;
  const { url } = picture;
  const { seed, stopped, texts: painted } = picture;
  const request = { ...ofRun, ...painted };
  const files = [new File([png], pictureFileName(request.prompt, seed), { type: 'image/png' })];

  const attempt = async (what: Promise<unknown>, done: NoticeFact) => {
    try {
      await what;
      say(done);
    } catch (error) {
      // Whoever closes the system's own dialog needs no notice.
      if (!(error instanceof DOMException && error.name === 'AbortError')) say({ kind: 'not-allowed' });
    }
  };
  const copyImage = async () => navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  const copyText = async () => navigator.clipboard.writeText(parametersText(request, seed, stopped));
  const made = readSettingsJson(settingsJson(request, seed));
  const copyLink = async () =>
    made && navigator.clipboard.writeText(pictureLink(stores, made, location.href));
  const copied = linkCopied(made?.settings ?? {}, request.image !== null);
  const canShare = 'canShare' in navigator && navigator.canShare({ files });
  return (
    <Menu
      label={texts.moreActions}
      describedBy={describedBy}
      entries={{
        [texts.copyImage]: () => void attempt(copyImage(), { kind: 'image-copied' }),
        [texts.copyParameters]: () => void attempt(copyText(), { kind: 'parameters-copied' }),
        [texts.copyLink]: () => void attempt(copyLink(), copied),
        ...(canShare && {
          [texts.share]: () => void attempt(navigator.share({ files }), { kind: 'image-shared' }),
        }),
        ...(upscaled?.task !== 'removeBackground' && {
          [easel.removeBackground]: () => void removeBackground(stores, url, png),
        }),
      }}
    />
  );
}
