import { Zip, ZipPassThrough } from 'fflate';
import type { Experiment } from '../../state/jobs/experiment.ts';
import type { Texts } from '../texts/en.ts';
import { cellFileName } from './experiment-file-names.ts';

/** A zip of all finished pictures, named by their values. It does not compress: PNGs are compressed already. */
export async function zipOfCells(texts: Texts, { axes, cells }: Experiment): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    parts.push(chunk as Uint8Array<ArrayBuffer>);
  });
  for (const [i, cell] of cells.entries()) {
    if (cell.state !== 'done') continue;
    const file = new ZipPassThrough(cellFileName(texts, axes, i, cells.length));
    zip.add(file);
    file.push(new Uint8Array(await cell.png.arrayBuffer()), true);
  }
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}
