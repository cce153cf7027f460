/** The kinds of map that a ControlNet Union knows, by their numbers, in A1111's words and in ComfyUI's. */
export const UNION_KINDS: readonly (readonly [a1111: string, comfyui: string])[] = [
  ['OpenPose', 'openpose'],
  ['Depth', 'depth'],
  ['Soft Edge', 'hed/pidi/scribble/ted'],
  ['Hard Edge', 'canny/lineart/anime_lineart/mlsd'],
  ['Normal Map', 'normal'],
  ['Segmentation', 'segment'],
  ['Tile', 'tile'],
  ['Inpaint', 'repaint'],
];
