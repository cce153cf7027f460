import * as v from 'valibot';
import { MODEL_KINDS, SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { CONTROL_BASES, CONTROL_PURPOSE_NAMES } from '../protocol/control-facts.ts';
import { ENTRY_TYPES, type InstalledModel, LATENT_SPACES, PREDICTIONS } from '../protocol/models.ts';

const text = v.nullable(v.string());
const Files = v.array(v.object({ path: v.string(), size: v.number(), oid: v.string() }));
const Row = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    id: v.string(),
    type: v.picklist(ENTRY_TYPES),
    label: v.string(),
    repo: text,
    revision: text,
    licence: text,
    files: Files,
    copyOf: v.optional(v.object({ bits: v.picklist([4, 8]), files: Files })),
    complete: v.boolean(),
    family: v.nullable(v.picklist(LATENT_SPACES)),
    className: text,
    facts: v.nullable(
      v.object({
        kind: v.picklist(MODEL_KINDS),
        defaults: v.object({
          width: v.number(),
          height: v.number(),
          numInferenceSteps: v.number(),
          guidanceScale: v.number(),
          scheduler: v.picklist(Object.keys(SCHEDULERS) as SchedulerId[]),
        }),
        prediction: v.nullable(v.picklist(PREDICTIONS)),
        base: v.optional(v.picklist(CONTROL_BASES)),
      }),
    ),
    control: v.optional(
      v.object({
        kind: v.picklist(['ControlNet', 'ControlNet Union', 'T2I-Adapter']),
        base: v.picklist(CONTROL_BASES),
        purpose: v.nullable(v.picklist(CONTROL_PURPOSE_NAMES)),
        controlModes: v.number(),
      }),
    ),
    fewStepName: v.optional(v.string()),
    installedAt: v.number(),
    usedAt: v.nullable(v.number()),
  }),
) satisfies v.GenericSchema<string, InstalledModel>;

/** What is stored of a model; undefined for what is no row. */
export function parseModelRow(json: string): InstalledModel | undefined {
  const row = v.safeParse(Row, json);
  return row.success ? row.output : undefined;
}

/** The name of the file that a model's row is stored in. */
export const rowName = (id: string) => `${encodeURIComponent(id)}.json`;
