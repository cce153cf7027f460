import { expect, test } from 'vitest';
import { fileKind } from './file-kind.ts';

const hex = (digits: string) =>
  Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

// The beginnings of files that others wrote: torch 2's save in both forms, safetensors' save, Pillow's, git-lfs' own example
// (docs/spec.md), and what servers answer in the place of a file.
test.each([
  ['empty', ''],
  ['web-page', '<!DOCTYPE html>\n<html lang="en">'],
  ['web-page', '\n<html><head><title>Sign in</title>'],
  ['web-page', '<!-- cached --><!doctype html>'],
  [
    'lfs-pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
  ],
  [
    'pickle',
    hex(
      '504b03040000080800000000000000000000000000000000000010001200617263686976652f646174612e706b6c46420e005a5a',
    ),
  ],
  ['pickle', hex('80028a0a6cfc9c46f9206aa850192e80024de9032e80027d7100')],
  ['safetensors', hex('38000000000000007b2261223a7b226474797065223a22463332222c')],
  // A header of 0x280 bytes: what a pickle of protocol 2 begins with.
  ['safetensors', hex('80020000000000007b2261223a7b2264')],
  ['gguf', 'GGUF\x03\0\0\0'],
  ['zip', hex('504b0304140000000000caba775b0000000000000000000000000500000061612e706e67')],
  ['archive', hex('1f8b08000000')],
  ['picture', hex('89504e470d0a1a0a0000000d49484452')],
  ['picture', hex('ffd8ffe000104a46494600')],
  ['picture', hex('524946461a00000057454250')],
  ['picture', hex('0000001c6674797061766966')],
  ['video', hex('00000020667479706d703432')],
  ['pdf', '%PDF-1.7'],
  ['json', '{\n  "peft_type": "LORA"'],
  [null, 'Dear diary, <html> is a tag'],
] as const)('%s is told by its first bytes', async (kind, bytes) => {
  expect(await fileKind(new Blob([bytes as BlobPart]))).toBe(kind);
});
