import { useEffect, useState } from 'react';
import { bundledModel } from '../../catalog/models.ts';
import { type Ingredient, pictureMadeWith } from '../../state/gallery/picture-made-with.ts';
import { useGallery, useModels } from '../page/stores-context.ts';
import { useThumbnail } from '../widgets/use-thumbnail.ts';
import styles from './SamplePicture.module.css';

/** A print of the first visit, which the bundled model has painted. */
const [PRINT = ''] = Object.values(
  import.meta.glob<string>('../create/easel/prints/a-purple-dog.webp', {
    eager: true,
    query: '?url',
    import: 'default',
  }),
);

/** What something makes: its own last picture of the gallery, the one in its file, or blank paper. Nothing is fetched for it. */
export function SamplePicture({ of }: { readonly of: Ingredient }) {
  const picture = useGallery(({ rows }) => pictureMadeWith(rows ?? [], of)?.id ?? null);
  if (picture !== null) return <FromGallery picture={picture} />;
  if (bundledModel(of.id)) return <Paper url={PRINT} />;
  // What enlarges or is a part makes no picture by itself.
  return of.type === 'model' || of.type === 'lora' || of.type === 'embedding' ? (
    <FromFile id={of.id} />
  ) : null;
}

function FromGallery({ picture }: { readonly picture: string }) {
  return <Paper url={useThumbnail(picture)} />;
}

function FromFile({ id }: { readonly id: string }) {
  const isHere = useModels(({ installed }) => installed?.some((model) => model.id === id && model.complete));
  const read = useModels((models) => models.thumbnail);
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!isHere) return;
    let made: string | null = null;
    let isGone = false;
    void read(id).then((file) => {
      if (isGone || !file) return;
      made = URL.createObjectURL(file);
      setUrl(made);
    });
    return () => {
      isGone = true;
      if (made) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [id, isHere, read]);
  // What a file says is a picture may be none.
  return <Paper url={url} onError={() => setUrl(null)} />;
}

function Paper({ url, onError }: { readonly url: string | null; readonly onError?: () => void }) {
  return (
    <span className={styles.paper}>
      {url && <img src={url} alt="" width={64} height={64} decoding="async" onError={onError} />}
    </span>
  );
}
