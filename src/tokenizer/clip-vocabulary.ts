/**
 * The vocabulary that belongs to CLIP's merges, in its order (openai/CLIP, simple_tokenizer.py): each byte, each byte that
 * ends a word, what each merge makes, and the two special tokens.
 * @param merges a merges.txt: a pair a line, the best first
 */
export function clipVocabulary(merges: string): Record<string, number> {
  const bytes = byteCharacters();
  const pairs = merges.split('\n').filter((line) => line !== '' && !line.startsWith('#version'));
  const tokens = [
    ...bytes,
    ...bytes.map((character) => `${character}</w>`),
    ...pairs.map((pair) => pair.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

/** GPT-2's bytes_to_unicode: bytes that print are themselves, and come first; the others follow from U+0100 on. */
function byteCharacters(): string[] {
  const prints = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const others = bytes.filter((byte) => !prints(byte));
  return [
    ...bytes.filter(prints).map((byte) => String.fromCharCode(byte)),
    ...others.map((_, i) => String.fromCharCode(0x100 + i)),
  ];
}
