/**
 * The vocabulary that belongs to CLIP's merges (openai/CLIP, simple_tokenizer.py): each byte, each byte at the end of a word,
 * the result of each merge, and the two special tokens, numbered in this order.
 * @param merges the text of a merges.txt: one pair in each line, the most frequent first
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

/** GPT-2's bytes_to_unicode: printable bytes come first, as themselves; the others are characters from U+0100 on. */
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
