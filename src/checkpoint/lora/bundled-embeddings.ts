import type { StoredTensor, Tensors } from '../weights.ts';

/** A textual inversion inside a LoRA file: the word that calls it, and a file of its own. */
export interface BundledEmbedding {
  readonly token: string;
  readonly file: Blob;
}

/** `bundle_emb.NAME.emb_params`, `.clip_l`, `.clip_g`, or `.string_to_param.*` (A1111's extensions-builtin/Lora/networks.py). */
const KEY = /^bundle_emb\.(.+)\.(emb_params|clip_[lg]|string_to_param\..*)$/;

/** The textual inversions in a LoRA file, and its other tensors. @param all those of the file */
export function takeBundledEmbeddings(
  file: Blob,
  all: Tensors,
): {
  readonly embeddings: readonly BundledEmbedding[];
  readonly tensors: Tensors;
} {
  const tensors = new Map(all);
  const bundles = new Map<string, Map<string, StoredTensor>>();
  for (const [key, tensor] of all) {
    const [, token, part] = KEY.exec(key) ?? [];
    if (token === undefined || part === undefined) continue;
    tensors.delete(key);
    const bundle = bundles.get(token) ?? new Map<string, StoredTensor>();
    bundles.set(token, bundle.set(part.startsWith('string_to_param') ? 'emb_params' : part, tensor));
  }
  const embeddings = [...bundles].map(([token, bundle]) => ({ token, file: safetensors(file, bundle) }));
  return { embeddings, tensors };
}

/** The tensors in a .safetensors file of their own. */
function safetensors(file: Blob, tensors: Tensors): Blob {
  let end = 0;
  const entries = [...tensors].map(([name, { dtype, shape, length }]) => {
    const begin = end;
    end += length;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const data = [...tensors.values()].map(({ offset, length }) => file.slice(offset, offset + length));
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(header.length), true);
  return new Blob([size, header, ...data]);
}
