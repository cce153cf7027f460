import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { parsePythonJson } from '../../protocol/python-json.ts';
import { shortName } from '../settings/accept-settings.ts';

/** Resources and hashes that are read. */
const MAX_NAMED = 50;

/** What a picture was made with by the lists beside its settings: the checkpoint's name, and notes of all else. */
interface NamedResources {
  readonly checkpoint?: string;
  readonly notes: readonly SettingsNote[];
}

/**
 * Models that Civitai's generator and ComfyUI's Image Saver name in a JSON list (`Civitai resources`) rather than in `Model`
 * and the prompt: by `type`, or by `air` (github.com/civitai/civitai/wiki, AIR: `urn:air:sdxl:lora:civitai:1@2`).
 */
export function civitaiResources(text: string | undefined): NamedResources {
  if (text === undefined) return { notes: [] };
  const list = parsePythonJson(text);
  if (!Array.isArray(list)) return { notes: [{ kind: 'no-counterpart', name: 'Civitai resources' }] };
  let checkpoint: string | undefined;
  const notes: SettingsNote[] = [];
  for (const item of list.slice(0, MAX_NAMED) as (Readonly<Record<string, unknown>> | null)[]) {
    if (typeof item !== 'object' || item === null) continue;
    const type = typeOf(item);
    const name = typeof item.modelName === 'string' ? item.modelName : undefined;
    if (/^(checkpoint|model)$/.test(type) && checkpoint === undefined && name !== undefined)
      checkpoint = name;
    else notes.push(resourceNote(type, name ?? String(item.modelVersionId ?? item.air ?? ''), item.weight));
  }
  return { ...(checkpoint !== undefined && { checkpoint }), notes };
}

const typeOf = ({ type, air }: Readonly<Record<string, unknown>>): string => {
  if (typeof type === 'string') return type.toLowerCase();
  return typeof air === 'string' ? (air.split(':')[3] ?? '').toLowerCase() : '';
};

const isEmbedding = (type: string) => /^(embed|embedding|textualinversion)$/.test(type);

function resourceNote(type: string, name: string, weight: unknown): SettingsNote {
  if (isEmbedding(type)) return { kind: 'embedding', name: shortName(name) };
  const kind = type === 'lora' ? 'LoRA' : type;
  const value = typeof weight === 'number' ? `: ${weight}` : '';
  return { kind: 'no-counterpart', name: shortName(`${kind} ${name}${value}`.trim() || 'Civitai resources') };
}

/**
 * Notes of what only the hashes name: embeddings (`TI hashes: a: 1, b: 2`, `Hashes: {"embed:a": 1}`; Forge's `TI: a, b`,
 * backend/text_processing/classic_engine.py), and LoRAs that the prompt does not call (`Hashes: {"lora:a": 1}`), because Image Saver takes their tags out of it.
 */
export function hashedNotes(pairs: ReadonlyMap<string, string>, prompts: string): readonly SettingsNote[] {
  const inversions = [pairs.get('TI hashes'), pairs.get('TI')].flatMap((list) => list?.split(', ') ?? []);
  const ofInversions = inversions.map((pair) => `embed:${pair.replace(/: [^:]*$/, '')}`);
  const hashes = parsePythonJson(pairs.get('Hashes') ?? '{}');
  const keys = typeof hashes === 'object' && hashes !== null ? Object.keys(hashes) : [];
  return [...new Set([...ofInversions, ...keys])].slice(0, MAX_NAMED).flatMap((key) => {
    const [, type = '', name = ''] = /^(lora|embed):(.+)$/is.exec(key) ?? [];
    if (name === '' || prompts.includes(`:${name}:`) || prompts.includes(`:${name}>`)) return [];
    return resourceNote(type.toLowerCase(), name, undefined);
  });
}
