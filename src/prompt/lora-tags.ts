import type { TagNote } from '../protocol/generation.ts';

/** A LoRA that a prompt names: `<lora:name:weight>`. */
export interface LoraTag {
  readonly name: string;
  /** How strongly it changes the text encoders; 1 is as trained. */
  readonly textEncoderWeight: number;
  /** How strongly it changes the UNet. */
  readonly unetWeight: number;
}

/** A prompt without its tags, the LoRAs they ask for, and what of them is not done. */
interface TaggedPrompt {
  readonly text: string;
  readonly loras: readonly LoraTag[];
  readonly notes: readonly TagNote[];
}

/** A word, a colon and more in angle brackets: all of these leave the text (modules/extra_networks.py). */
const TAG = /<([\p{L}\p{N}_]{1,40}):([^<>]{1,1000})>/gu;
const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

/**
 * A prompt without what AUTOMATIC1111 calls extra networks (extensions-builtin/Lora/extra_networks_lora.py): `<lora:name>` has
 * weight 1, `<lora:name:0.8>` weight 0.8, `<lora:name:0.5:0.8>` or `<lora:name:te=0.5:unet=0.8>` 0.5 for the text encoders and
 * 0.8 for the UNet, which without a weight of its own has theirs. `<lyco:…>` is the same. Of two tags with one name the first
 * counts. Never throws.
 */
export function takeLoraTags(prompt: string): TaggedPrompt {
  const loras = new Map<string, LoraTag>();
  const notes: TagNote[] = [];
  const text = prompt.replace(TAG, (tag, kind: string, rest: string) => {
    if (kind !== 'lora' && kind !== 'lyco') {
      notes.push({ kind: 'no-lora', tag });
      return '';
    }
    const { lora, ignored } = readTag(rest.split(':'));
    if (!lora) notes.push({ kind: 'no-weight', tag });
    else if (loras.has(lora.name)) notes.push({ kind: 'named-twice', tag });
    else {
      loras.set(lora.name, lora);
      if (ignored.length > 0) notes.push({ kind: 'in-part', tag, ignored: ignored.join(':') });
    }
    return '';
  });
  return { text, loras: [...loras.values()], notes };
}

/** `lora` is undefined where a weight is no number or there is no name. */
function readTag([name = '', ...items]: readonly string[]): {
  readonly lora?: LoraTag;
  readonly ignored: readonly string[];
} {
  const isNamed = (item: string) => item.split('=').length === 2;
  const named = (key: string) =>
    items.findLast((item) => isNamed(item) && item.startsWith(`${key}=`))?.slice(key.length + 1);
  const [first = '1', second, ...more] = items.filter((item) => !isNamed(item));
  const textEncoder = named('te') ?? first;
  const unet = named('unet') ?? second ?? textEncoder;
  const ignored = [...more, ...items.filter((item) => isNamed(item) && !/^(te|unet)=/.test(item))];
  if (name === '' || !NUMBER.test(textEncoder) || !NUMBER.test(unet)) return { ignored };
  return { lora: { name, textEncoderWeight: Number(textEncoder), unetWeight: Number(unet) }, ignored };
}
