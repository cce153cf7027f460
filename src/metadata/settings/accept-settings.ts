import * as v from 'valibot';
import { fromHires, hiresName } from '../../protocol/hires.ts';
import type {
  NotedName,
  PictureSettings,
  RequestSettings,
  SettingsNote,
  Tool,
} from '../../protocol/picture-settings.ts';
import {
  ControlSettingsSchema,
  HiresSchema,
  InitImageSchema,
  MOST_STEERING,
  PicturePromptSettingsSchema,
  RequestSchema,
} from '../../protocol/request.ts';
import { HIRES_NAMES } from '../../protocol/settings.ts';

const { embeddings: _, image: __, hires: ___, memoryBytes: ____, ...ofThis } = RequestSchema.entries;
const { wildcards: _______, template, controls: ________, picturePrompts: _________, ...ofRequest } = ofThis;
const { file: _____, mask: ______, ...ofImage } = InitImageSchema.entries;
const ENTRIES: Readonly<Record<string, v.GenericSchema>> = { ...ofRequest, ...ofImage };

const MAX_NAME_LENGTH = 200;

/** A name out of a file, cut to a line or two: anybody may have written it. */
export const shortName = (value: unknown): string =>
  (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, MAX_NAME_LENGTH);

/**
 * The one check of settings that come from a file. A value that a request may not hold becomes a note; undefined means that
 * the file does not say.
 */
export function acceptSettings(
  tool: Tool,
  raw: { readonly [K in keyof RequestSettings]?: unknown },
  notes: readonly SettingsNote[],
): PictureSettings {
  const { accepted, refused } = acceptEach(ENTRIES, raw);
  const second = acceptHires(raw.hires);
  const steering = acceptSteering(raw);
  // What the texts were made from: they hold without it.
  const made = raw.template === undefined ? null : v.safeParse(template, raw.template);
  return {
    tool,
    settings: {
      ...accepted,
      ...(second.hires !== undefined && { hires: second.hires }),
      ...(made?.success && { template: made.output }),
      ...steering.accepted,
    },
    notes: [...notes, ...refused, ...second.refused, ...steering.refused],
  };
}

/** A second pass, setting by setting. It has them all: one that is missing could not be read. */
function acceptHires(hires: unknown): {
  readonly hires?: RequestSettings['hires'];
  readonly refused: readonly SettingsNote[];
} {
  if (hires === undefined) return { refused: [] };
  if (hires === null) return { hires, refused: [] };
  if (typeof hires !== 'object')
    return { refused: [{ kind: 'refused', name: 'hiresUpscaler', value: shortName(hires) }] };
  const { accepted, refused } = acceptEach(HiresSchema.entries, hires, hiresName);
  const unread = HIRES_NAMES.filter((name) => fromHires(hires)[name] === undefined);
  return { hires: accepted, refused: [...refused, ...unread.map((name) => refusal(name, undefined))] };
}

/** Layers and picture prompts, one by one; absent where there is none. */
function acceptSteering(raw: { readonly controls?: unknown; readonly picturePrompts?: unknown }): {
  readonly accepted: Pick<RequestSettings, 'controls' | 'picturePrompts'>;
  readonly refused: readonly SettingsNote[];
} {
  const controls = acceptList('controls', ControlSettingsSchema, raw.controls);
  const prompts = acceptList('picturePrompts', PicturePromptSettingsSchema, raw.picturePrompts);
  return {
    accepted: {
      ...(controls.accepted.length > 0 && { controls: controls.accepted }),
      ...(prompts.accepted.length > 0 && { picturePrompts: prompts.accepted }),
    },
    refused: [...controls.refused, ...prompts.refused],
  };
}

function acceptList<T>(
  name: 'controls' | 'picturePrompts',
  schema: v.GenericSchema<T>,
  raw: unknown,
): { readonly accepted: readonly T[]; readonly refused: readonly SettingsNote[] } {
  if (raw === undefined || raw === null) return { accepted: [], refused: [] };
  if (!Array.isArray(raw)) return { accepted: [], refused: [refusal(name, raw)] };
  const accepted: T[] = [];
  const refused: SettingsNote[] = [];
  for (const item of raw.slice(0, MOST_LISTED)) {
    const { success, output, issues } = v.safeParse(schema, item);
    if (success && accepted.length < MOST_STEERING) accepted.push(output);
    else refused.push(refusal(name, issues ? wrongPart(issues[0]) : item));
  }
  return { accepted, refused };
}

/** Of a layer, only the value that is wrong, with its name. */
function wrongPart(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? shortName(issue.input) : `${path}: ${shortName(issue.input)}`;
}

/** Layers that are looked at. */
const MOST_LISTED = 50;

/** Those of these values that a request may hold, and notes of the others. `nameOf` gives the name of a key in a note. */
function acceptEach(
  entries: Readonly<Record<string, v.GenericSchema>>,
  raw: object,
  nameOf: (key: string) => string = (key) => key,
): { readonly accepted: Record<string, unknown>; readonly refused: readonly SettingsNote[] } {
  const accepted: Record<string, unknown> = {};
  const refused: SettingsNote[] = [];
  for (const [key, schema] of Object.entries(entries)) {
    const value = (raw as Record<string, unknown>)[key];
    if (value === undefined) continue;
    const { success, output, issues } = v.safeParse(schema, value);
    if (success) accepted[key] = output;
    // Of a place or a border, only the number that is wrong.
    else refused.push(refusal(nameOf(key) as NotedName, issues[0].input));
  }
  return { accepted, refused };
}

const refusal = (name: NotedName, value: unknown): SettingsNote =>
  value === undefined ? { kind: 'unread', name } : { kind: 'refused', name, value: shortName(value) };
