import * as v from 'valibot';
import { parsePythonJson } from '../../protocol/python-json.ts';

/** Of what a LoRA was trained with, the commonest so many. */
const MOST_TAGS = 12;

const Header = v.object({
  __metadata__: v.nullish(
    v.looseObject({
      'modelspec.trigger_phrase': v.optional(v.string()),
      ss_tag_frequency: v.optional(v.pipe(v.string(), v.transform(parsePythonJson))),
    }),
  ),
});

/**
 * The words that call what a LoRA was trained for, as its header has them: the trigger phrase by the ModelSpec standard
 * (Stability-AI/ModelSpec), then the commonest tags of the training pictures (kohya-ss/sd-scripts, `ss_tag_frequency`).
 * @param file a .safetensors file that has been checked
 */
export async function readTriggerWords(file: Blob): Promise<string[]> {
  const bytes = new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true);
  const header = v.safeParse(Header, parsePythonJson(await file.slice(8, 8 + Number(bytes)).text()));
  const metadata = header.success ? header.output.__metadata__ : null;
  const phrase = metadata?.['modelspec.trigger_phrase']?.trim();
  const tags = commonest(metadata?.ss_tag_frequency);
  return [...new Set([...(phrase ? [phrase] : []), ...tags])];
}

/** kohya-ss/sd-scripts writes names with counts, for each folder of training pictures. */
function commonest(frequencies: unknown): string[] {
  const counts = new Map<string, number>();
  const all = entriesOf(frequencies).flatMap(([, folder]) => entriesOf(folder));
  for (const [name, count] of all) {
    const tag = name.trim();
    if (typeof count === 'number') counts.set(tag, (counts.get(tag) ?? 0) + count);
  }
  counts.delete('');
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_TAGS)
    .map(([tag]) => tag);
}

const entriesOf = (value: unknown): [string, unknown][] =>
  value !== null && typeof value === 'object' ? Object.entries(value) : [];
