import type { ControlFile } from './control-file.ts';

/** A ControlNet of a run, and where the maps for it are among the run's controls. */
export interface OpenedNet {
  readonly file: ControlFile;
  readonly places: readonly number[];
}

/** The ControlNets that a run opens: one for each control, but a Union takes all of its maps at once, as diffusers' does. */
export function openedNets(files: readonly ControlFile[]): readonly OpenedNet[] {
  const nets: { file: ControlFile; places: number[] }[] = [];
  for (const [i, file] of files.entries()) {
    if (file.kind === 'T2I-Adapter') continue;
    const same = file.kind === 'ControlNet Union' && nets.find((net) => net.file.hash === file.hash);
    if (same) same.places.push(i);
    else nets.push({ file, places: [i] });
  }
  return nets;
}
