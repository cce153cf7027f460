import { type RowChange, UNDO_MS } from '../../storage/gallery.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { acceptTags, tagKey } from '../../storage/tags.ts';
import { type Access, attempt } from './gallery-access.ts';
import type { Pictures } from './pictures.ts';

/** The actions that change rows which are there. */
export function rowChanges({
  store,
  browser,
  gallery,
  tell,
}: Access): Pick<Pictures, 'setFavourite' | 'setTags' | 'remove' | 'undo'> {
  const { getState, setState } = store;
  const change = (ids: readonly string[], to: RowChange) =>
    attempt(store, async () => (await gallery()).change(ids, to));
  const show = (ids: readonly string[], next: (row: PictureRow) => PictureRow) => {
    const changed = new Set(ids);
    const { rows } = getState();
    setState({ rows: rows?.map((row) => (changed.has(row.id) ? next(row) : row)) ?? null });
    tell();
  };
  // The rows stay as they are until a change is written: what looks deleted must not be back after a reload.
  return {
    async setFavourite(ids, isFavourite) {
      if ((await change(ids, { isFavourite })) === null) return;
      show(ids, (row) => ({ ...row, isFavourite }));
    },

    async setTags(ids, { add = [], remove = [] }) {
      const gone = new Set(remove.map(tagKey));
      const tagged = ({ tags }: PictureRow) => ({
        tags: acceptTags([...tags.filter((tag) => !gone.has(tagKey(tag))), ...add]),
      });
      if ((await change(ids, tagged)) === null) return;
      show(ids, (row) => ({ ...row, ...tagged(row) }));
    },

    async remove(ids) {
      if ((await change(ids, { deletedAt: browser.now() })) === null) return false;
      const gone = new Set(ids);
      const { rows, deleted } = getState();
      setState({ rows: rows?.filter(({ id }) => !gone.has(id)) ?? null, deleted: [...deleted, ids] });
      tell();
      setTimeout(() => setState({ deleted: getState().deleted.filter((lot) => lot !== ids) }), UNDO_MS);
      return true;
    },

    async undo() {
      const lot = getState().deleted.at(-1);
      if (!lot || (await change(lot, { deletedAt: null })) === null) return;
      setState({ deleted: getState().deleted.filter((other) => other !== lot) });
      await getState().load();
      tell();
    },
  };
}
