#!/usr/bin/env bash
# fflate's streaming Unzip does not give back what fflate's streaming Zip wrote, where a zip lies unpacked in a zip.
#
# Behaviour: Zip writes each file's size behind the file, as a zip that is made as a stream must. Unzip looks for the end of an unpacked
#   file by its bytes, and takes the marks between the files of the inner zip for its own: the inner zip comes back with 443 bytes of
#   its 253, or 13, or none, by the size of the pieces that are pushed; its files come as files of the outer zip; nothing is thrown and no
#   callback hears of an error. unzipSync, which goes by the directory at the end, gives all of it rightly.
# Seen with: fflate 0.8.3, Node 20.20.2, on 2026-11-28.
# Why a good guess is wrong: both are the same package's, made for each other, and a zip is not packed a second time, so "unpacked" is what
#   one chooses for it; any program that writes zips as streams makes them so.
# Whom it hurts: exports that hold zips, .docx, .jar, .npz or .cbz files unpacked, read as a stream since they are large: damaged copies,
#   and files that the outer zip does not hold.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" fflate@0.8.3
node --input-type=module - <<'JS'
import { readFileSync } from 'node:fs';
import { strToU8, Unzip, UnzipInflate, UnzipPassThrough, unzipSync, Zip, ZipPassThrough } from 'fflate';

const { version } = JSON.parse(readFileSync('node_modules/fflate/package.json', 'utf8'));

/** A zip of these files, unpacked, written as a stream. */
function zipped(files) {
  const parts = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(...part);
  });
  for (const [name, bytes] of Object.entries(files)) {
    const file = new ZipPassThrough(name);
    zip.add(file);
    file.push(bytes, true);
  }
  zip.end();
  return Uint8Array.from(parts);
}

/** The bytes of each file that the stream gives, and what it complains of. */
function streamed(zip, piece) {
  const [bytes, errors] = [{}, []];
  const unzip = new Unzip((file) => {
    bytes[file.name] = 0;
    file.ondata = (error, data) => {
      if (error) errors.push(error.message);
      else bytes[file.name] += data.length;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  unzip.register(UnzipPassThrough);
  for (let at = 0; at < zip.length; at += piece) unzip.push(zip.subarray(at, at + piece), at + piece >= zip.length);
  return { bytes, errors };
}

const inner = zipped({ 'one.txt': strToU8('the first'), 'two.txt': strToU8('the second') });
const outer = zipped({ 'inner.zip': inner, 'end.txt': strToU8('end') });
const whole = Object.fromEntries(Object.entries(unzipSync(outer)).map(([name, { length }]) => [name, length]));
console.log(`fflate ${version}, Node ${process.version}`);
console.log(`written: inner.zip of ${inner.length} bytes, end.txt of 3`);
console.log(`unzipSync: ${JSON.stringify(whole)}`);
const results = [outer.length, 64, 16].map((piece) => streamed(outer, piece));
for (const [i, { bytes, errors }] of results.entries())
  console.log(`Unzip, ${['in one piece', '64 bytes a piece', '16 bytes a piece'][i]}: ${JSON.stringify(bytes)}, ${errors.length} errors`);
const asDescribed =
  whole['inner.zip'] === inner.length &&
  results.every(({ bytes, errors }) => errors.length === 0 && bytes['inner.zip'] !== inner.length && 'one.txt' in bytes);
if (!asDescribed) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS
