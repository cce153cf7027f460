import * as v from 'valibot';
import type { ControlSettings, PicturePromptSettings } from '../../protocol/control.ts';
import { ControlSettingsSchema, MOST_STEERING, PicturePromptSettingsSchema } from '../../protocol/request.ts';
import type { Expected, Refused } from './url.ts';

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

export function controlText(layer: ControlSettings): string {
  const { model, preprocessor, controlMode, scale, start, end, isGuess } = layer;
  const others = `${isGuess ? ' guess' : ''}${controlMode === null ? '' : ` kind${controlMode}`}`;
  return `${preprocessor} ${scale} ${start}-${end}${others} ${model}`;
}

const promptText = ({ adapter, scale, parts, pictureCount }: PicturePromptSettings) =>
  `${parts} ${scale} ${pictureCount} ${adapter}`;

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

/** What steers in a link's parameters, one of them for each layer and each picture prompt, and what could not be read. */
export function linkedSteering(
  parameters: URLSearchParams,
): LinkedSteering & { readonly refused: readonly Refused[] } {
  const refused: Refused[] = [];
  const read = <T>(
    name: Expected['kind'] & string,
    schema: v.GenericSchema<T>,
    toRaw: (text: string) => unknown,
  ) =>
    parameters.getAll(name).flatMap((text, i) => {
      const { success, output } = v.safeParse(schema, toRaw(text));
      if (success && i < MOST_STEERING) return [output];
      refused.push({ name, value: text, expected: { kind: name } as Expected });
      return [];
    });
  return {
    controls: read(CONTROL, ControlSettingsSchema, readControl),
    picturePrompts: read(PICTURE_PROMPT, PicturePromptSettingsSchema, readPrompt),
    refused,
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
