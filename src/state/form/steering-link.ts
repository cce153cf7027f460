import * as v from 'valibot';
import type { ControlSettings, PicturePromptSettings } from '../../protocol/control.ts';
import { ControlSettingsSchema, MOST_STEERING, PicturePromptSettingsSchema } from '../../protocol/request.ts';
import type { OfferedSteering } from './offered-steering.ts';

/** What a link says of what steers: all but the pictures. Never change the names: old links would lose them. */
export interface LinkedSteering {
  readonly controls: readonly ControlSettings[];
  readonly picturePrompts: readonly PicturePromptSettings[];
}

export const [CONTROL, PICTURE_PROMPT] = ['control', 'picturePrompt'] as const;
const NUMBER = '(\\d+(?:\\.\\d+)?(?:e-\\d+)?)';
/** `canny 0.8 0-0.5 owner/name`, with `guess` and `kind3` before the model where it has these. */
const LAYER = new RegExp(`^([a-z]+) ${NUMBER} ${NUMBER}-${NUMBER}( guess)?(?: kind(\\d+))? (.+)$`);
/** `style 0.6 2 owner/name`: what is taken over, how strongly, of how many pictures. */
const PROMPT = new RegExp(`^([a-z-]+) ${NUMBER} (\\d+) (.+)$`);

/** @param layer without a model where that is not on this device */
export function controlText(layer: OfferedSteering['controls'][number]): string {
  const { model, preprocessor, controlMode, scale, start, end, isGuess } = layer;
  const others = `${isGuess ? ' guess' : ''}${controlMode === null ? '' : ` kind${controlMode}`}`;
  return `${preprocessor} ${scale} ${start}-${end}${others} ${model}`;
}

export const promptText = ({
  adapter,
  scale,
  parts,
  pictureCount,
}: OfferedSteering['picturePrompts'][number]) => `${parts} ${scale} ${pictureCount} ${adapter}`;

function readControl(text: string): unknown {
  const [, preprocessor, scale, start, end, guess, kind, model] = LAYER.exec(text) ?? [];
  const controlMode = kind === undefined ? null : Number(kind);
  const part = { scale: Number(scale), start: Number(start), end: Number(end) };
  return { model, preprocessor, controlMode, ...part, isGuess: guess !== undefined };
}

function readPrompt(text: string): unknown {
  const [, parts, scale, pictures, adapter] = PROMPT.exec(text) ?? [];
  return { adapter, parts, scale: Number(scale), pictureCount: Number(pictures) };
}

/** A parameter that could not be read. */
export interface UnreadSteering {
  readonly name: typeof CONTROL | typeof PICTURE_PROMPT;
  readonly value: string;
}

/** What steers in a link's parameters, one of them for each layer and each picture prompt, and what could not be read. */
export function linkedSteering(
  parameters: URLSearchParams,
): LinkedSteering & { readonly unread: readonly UnreadSteering[] } {
  const unread: UnreadSteering[] = [];
  const read = <T>(
    name: UnreadSteering['name'],
    schema: v.GenericSchema<T>,
    toRaw: (text: string) => unknown,
  ): readonly T[] =>
    parameters.getAll(name).flatMap((value, i) => {
      const { success, output } = v.safeParse(schema, toRaw(value));
      if (success && i < MOST_STEERING) return [output];
      unread.push({ name, value });
      return [];
    });
  return {
    controls: read(CONTROL, ControlSettingsSchema, readControl),
    picturePrompts: read(PICTURE_PROMPT, PicturePromptSettingsSchema, readPrompt),
    unread,
  };
}

/** The parameters that bring them back. */
export const steeringParameters = ({
  controls = [],
  picturePrompts = [],
}: Partial<LinkedSteering>): string[][] => [
  ...controls.map((layer) => [CONTROL, controlText(layer)]),
  ...picturePrompts.map((prompt) => [PICTURE_PROMPT, promptText(prompt)]),
];
