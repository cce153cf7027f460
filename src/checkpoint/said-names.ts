import * as v from 'valibot';
import type { ByteSource } from '../graph/byte-source.ts';
import { parsePythonJson } from '../protocol/python-json.ts';

const Header = v.object({
  __metadata__: v.nullish(
    v.looseObject({
      'modelspec.title': v.optional(v.string()),
      ss_output_name: v.optional(v.string()),
    }),
  ),
});
/** As much of a name as is kept. */
const MOST_LETTERS = 100;

/**
 * The names that a .safetensors file says that it was given, which outlive its being renamed: its title by the ModelSpec standard
 * (Stability-AI/ModelSpec), and the name that kohya-ss/sd-scripts saved it under (`ss_output_name`). Comments, tags and the model
 * that it was trained on may name weights that it is not.
 * @param file a .safetensors file that has been checked
 */
export async function readSaidNames(file: ByteSource): Promise<string[]> {
  const length = Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  const text = new TextDecoder().decode(await file.slice(8, 8 + length).arrayBuffer());
  const header = v.safeParse(Header, parsePythonJson(text));
  const { 'modelspec.title': title, ss_output_name: output } =
    (header.success && header.output.__metadata__) || {};
  return [title, output].flatMap((name) => (name ? [name.slice(0, MOST_LETTERS)] : []));
}
