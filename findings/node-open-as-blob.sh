#!/usr/bin/env bash
# fs.openAsBlob of Node 20 gives a file of 5 GB as a Blob of 705 MB, and an empty one from there on.
#
# Behaviour: `size` is the file's length modulo 2³², and a slice beyond it has no bytes. Nothing is said.
# Seen with: Node 20.20.2, on 2026-11-28.
# Why a good guess is wrong: a Blob's size is a 64-bit number everywhere else, `fs.stat` and `fs.read` have it right, and the file is the same.
# Whom it hurts: who tests with large files in Node what a browser does with a File: a safetensors file over 4 GiB looks cut off.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
truncate -s 5000000000 "$dir/large"
node --input-type=module - "$dir/large" <<'JS'
import { openAsBlob, statSync } from 'node:fs';

const [, , path] = process.argv;
const blob = await openAsBlob(path);
const end = await blob.slice(4_999_999_992, 5_000_000_000).arrayBuffer();
console.log(`Node ${process.version}: ${statSync(path).size} bytes on disk, a Blob of ${blob.size}, ${end.byteLength} of its last 8 bytes`);
if (blob.size !== 5e9 % 2 ** 32 || end.byteLength !== 0) throw new Error('The behaviour has changed.');
JS
