import type { Caller } from '../../client/caller.ts';
import { AppError, type ErrorCode, type Fault, fromWire, toWire } from '../../protocol/errors.ts';
import { type PackedPicture, zipLots, zipPictures } from '../../storage/gallery-zip.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { type Access, addPicture, attempt } from './gallery-access.ts';
import type { RefusedFile } from './import-result.ts';
import { importedPicture, picturesIn } from './imported-pictures.ts';
import type { Pictures } from './pictures.ts';

/** After these nothing more can be imported; any other error is about one file. */
const ENDS_IMPORT: readonly ErrorCode[] = ['storage-full', 'no-storage', 'aborted'];

/** Why a file could not be imported. @throws what ends the import */
function refusalOf(name: string, thrown: unknown): RefusedFile {
  const error = fromWire(toWire(thrown));
  if (ENDS_IMPORT.includes(error.code)) throw error;
  return { name, error };
}

/** The actions that bring pictures in and take them out, in files. */
export function transfers(access: Access, client: Caller): Pick<Pictures, 'importFiles' | 'zip'> {
  const { store, browser, gallery, tell } = access;
  const { getState, setState } = store;
  const add = async (packed: PackedPicture) => {
    const picture = await packed.open();
    const { settings } = await client.call('inspectImage', { file: picture.file });
    return addPicture(access, importedPicture(picture, settings, browser.now()));
  };
  return {
    async importFiles(files) {
      if (getState().busy) return;
      let [added, known] = [0, 0];
      const refused: RefusedFile[] = [];
      setState({ imported: null, busy: { done: 0, total: files.length } });
      await attempt(store, async () => {
        const pictures: PackedPicture[] = [];
        for (const file of files)
          await picturesIn(file).then(
            (found) => pictures.push(...found),
            (error: unknown) => refused.push(refusalOf(file.name, error)),
          );
        for (const [done, picture] of pictures.entries()) {
          setState({ busy: { done, total: pictures.length } });
          await add(picture).then(
            (row) => (row ? added++ : known++),
            (error: unknown) => refused.push(refusalOf(picture.name, error)),
          );
        }
      });
      setState({ busy: null, imported: { added, known, refused } });
      // One that was known may have tags that it had not.
      if (known > 0) await getState().load();
      tell();
    },

    async zip(ids, nameOf, onZip) {
      const { busy, rows } = getState();
      if (busy) return;
      const wanted = new Set(ids);
      const lots = zipLots((rows ?? []).filter(({ id }) => wanted.has(id)));
      let done = 0;
      const name = (row: PictureRow, type: string) => {
        setState({ busy: { done: done++, total: wanted.size } });
        return nameOf(row, type);
      };
      await attempt(store, async () => {
        let count = 0;
        for (const [i, lot] of lots.entries()) {
          const { zip, lost } = await zipPictures(await gallery(), lot, name);
          onZip(zip, i + 1, lots.length);
          count += lost;
        }
        if (count === 0) return;
        const details = { kind: 'pictures-lost', count } satisfies Fault;
        throw new AppError('unreadable-file', `${count} pictures cannot be read.`, details);
      });
      setState({ busy: null });
    },
  };
}
