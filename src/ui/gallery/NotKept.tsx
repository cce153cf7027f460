import { errorText } from '../error-text.ts';
import { useGallery } from '../stores-context.ts';

/** Why the last picture is not in the gallery, said beside it, where it can still be saved. */
export function NotKept({ className }: { readonly className: string | undefined }) {
  const error = useGallery((gallery) => gallery.notKept);
  if (error === null) return null;
  const { sentence, remedy } = errorText(error);
  return (
    <div role="alert" className={className}>
      <p>{sentence}</p>
      <p>{remedy}</p>
    </div>
  );
}
