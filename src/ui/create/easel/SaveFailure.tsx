import { useGallery } from '../../page/stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** Why the last picture could not be saved in the gallery. It is said beside the picture, which can still be downloaded. */
export function SaveFailure({ className }: { readonly className: string | undefined }) {
  const { errors, gallery: texts } = useTexts();
  const unsaved = useGallery((gallery) => gallery.unsaved);
  const error = useGallery((gallery) => gallery.saveError);
  if (error === null) return null;
  const { sentence, remedy } = errorText(errors, 'unsaved', error);
  return (
    <div role="alert" className={className}>
      <p>{sentence}</p>
      <p>{remedy}</p>
      {unsaved > 0 && <p>{texts.unsaved(unsaved)}</p>}
    </div>
  );
}
