import * as v from 'valibot';
import type { AppError } from '../../protocol/errors.ts';
import { parsePythonJson } from '../../protocol/python-json.ts';
import { unsupported } from './module.ts';

/** A character of a name, and any run of characters. */
const CHARACTER = String.raw`(?:[\w.]|\\[.d]|\[[\w-]+\])`;
const GAP = `${CHARACTER}[*+]`;
const GROUP = String.raw`\((?:\?:)?${CHARACTER}+(?:\|${CHARACTER}+)*\)`;
const NAME = String.raw`\^?(?:${GAP}|${CHARACTER}|${GROUP})+\$?`;
const PATTERN = new RegExp(String.raw`^${NAME}(?:\|${NAME})*$`);
/** The most of these characters that a pattern may have: a file must not be able to keep a matcher busy. */
const MOST = { '*+': 2, '(': 2, '|': 16 };

/**
 * The part of PEFT's configurations that decides a scale, with PEFT's defaults (peft tuners/lora/config.py, loha/config.py,
 * lokr/config.py; only LoRA calls it `lora_alpha`).
 */
const AdapterConfig = v.object({
  lora_alpha: v.optional(v.number()),
  alpha: v.optional(v.number(), 8),
  r: v.nullish(v.number(), 8),
  alpha_pattern: v.nullish(v.record(v.string(), v.number())),
  rank_pattern: v.nullish(v.record(v.string(), v.number())),
  use_rslora: v.nullish(v.boolean(), false),
  init_lora_weights: v.optional(v.unknown()),
});
export type AdapterConfig = v.InferOutput<typeof AdapterConfig>;

/**
 * Ways to begin the training that take what the adapter begins with out of the model (peft tuners/lora/layer.py, pissa_init,
 * corda_init, olora_init): added to a model that has it still, the adapter would count it twice.
 */
const TAKEN_OUT = /^(pissa|corda|olora$)/i;

/** The file that PEFT writes beside an adapter, and the key under which diffusers keeps the same in the adapter itself. */
export const ADAPTER_CONFIG = 'adapter_config.json';
const METADATA = 'lora_adapter_metadata';

/** A LoRA's configurations by component; that under `null` is for the whole file. */
type AdapterConfigs = ReadonlyMap<string | null, AdapterConfig>;

/** The header of a file by diffusers' save_lora_weights, each key after its component's name (loaders/lora_base.py). */
const Header = v.object({
  __metadata__: v.nullish(
    v.object({
      lora_adapter_metadata: v.optional(
        v.pipe(v.string(), v.transform(parsePythonJson), v.record(v.string(), v.unknown())),
      ),
    }),
  ),
});

/**
 * The configurations in the header of a file, which has been checked, and in the adapter_config.json beside it.
 * @param name the LoRA's, in errors
 * @param beside what that file says; undefined where there is none
 * @throws AppError unsupported-lora when they cannot be read, or are for a model that the training has changed
 */
export async function readAdapterConfigs(
  name: string,
  file: Blob,
  components: readonly string[],
  beside: unknown,
): Promise<AdapterConfigs> {
  const bytes = new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true);
  const header = v.safeParse(Header, JSON.parse(await file.slice(8, 8 + Number(bytes)).text()));
  if (!header.success) throw unreadable(name, METADATA);
  const entries = Object.entries(header.output.__metadata__?.lora_adapter_metadata ?? {});
  const found: [string | null, unknown][] = components.flatMap((component) => {
    const own = entries.filter(([key]) => key.startsWith(`${component}.`));
    const config = own.map(([key, value]) => [key.slice(component.length + 1), value]);
    return own.length === 0 ? [] : [[component, Object.fromEntries(config)]];
  });
  if (beside !== undefined) found.push([null, beside]);
  const configs = new Map<string | null, AdapterConfig>();
  for (const [component, config] of found) {
    const parsed = v.safeParse(AdapterConfig, config);
    const key = component === null ? ADAPTER_CONFIG : METADATA;
    if (!parsed.success) throw unreadable(name, key);
    const { init_lora_weights: begun } = parsed.output;
    if (typeof begun === 'string' && TAKEN_OUT.test(begun)) throw takenOut(name, key, begun);
    configs.set(component, parsed.output);
  }
  return configs;
}

function takenOut(lora: string, key: string, method: string): AppError {
  const fault = { kind: 'lora-of-other-method', lora, method, key } as const;
  return unsupported(fault, `is for a model that ${method} has changed (init_lora_weights in ${key})`);
}

function unreadable(name: string, key: string): AppError {
  return unsupported(
    { kind: 'lora-settings', lora: name, key },
    `has settings in ${key} that this version cannot read`,
  );
}

/** Whether a pattern, in PEFT any regular expression, is a name with a few gaps, classes and alternatives. */
function isReadable(pattern: string): boolean {
  const count = (characters: string) => [...pattern].filter((c) => characters.includes(c)).length;
  return (
    Object.entries(MOST).every(([characters, most]) => count(characters) <= most) && PATTERN.test(pattern)
  );
}

/** What a configuration says of a module's strength. */
export interface ConfiguredScale {
  readonly scale: number;
  /** A pattern that may be for this module, and is not read: then the scale is that of the other modules. */
  readonly unread?: string;
}

/**
 * The scale as in peft's tuners/lora/layer.py and tuners/lycoris_utils.py.
 * @param path the module, as the file spells it
 * @param rank undefined where the tensors do not tell it: a LoKr of whole matrices
 */
export function configuredScale(config: AdapterConfig, path: string, rank?: number): ConfiguredScale {
  const alpha = patterned(config.alpha_pattern, path, config.lora_alpha ?? config.alpha);
  const patterns = rank === undefined ? config.rank_pattern : null;
  const divisor = patterned(patterns, path, rank ?? config.r);
  const unread = alpha.unread ?? divisor.unread;
  const scale = alpha.value / (config.use_rslora ? Math.sqrt(divisor.value) : divisor.value);
  return { scale, ...(unread !== undefined && { unread }) };
}

/** The value of the first pattern that is for a module, matched as by peft's get_pattern_key; else the usual one. */
function patterned(
  patterns: Readonly<Record<string, number>> | null | undefined,
  path: string,
  usual: number,
): { readonly value: number; readonly unread?: string } {
  for (const [pattern, value] of Object.entries(patterns ?? {})) {
    if (!isReadable(pattern)) return { value: usual, unread: pattern };
    if (new RegExp(`^(.*\\.)?(${pattern})$`).test(path)) return { value };
  }
  return { value: usual };
}
