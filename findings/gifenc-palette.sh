#!/usr/bin/env bash
# gifenc paints wrong colours even where a picture has no more colours than the palette has room for.
#
# Behaviour: a ramp of 256 greys, quantised to 256 colours, gets a palette of 32: the colours are first sorted into bins of 5, 6 and 5
#   bits, and a bin becomes one colour, however much room is left. And applyPalette with the exact palette of the picture does not
#   help: it remembers one palette entry for each bin, that of the first pixel it met there. 224 of the 256 greys get another entry than
#   their own, up to 7 of 255 away, and which one depends on the order of the pixels.
# Seen with: gifenc 1.0.3, Node 20.20.2, on 2026-11-27.
# Why a good guess is wrong: "nearest colour of the palette" has one right answer, and an exact palette is what one gives to be exact.
# Whom it hurts: GIFs of soft gradients, which get bands, of pixel art and of plots with chosen colours. In noise and photographs the error
#   drowns.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" gifenc@1.0.3
node --input-type=module - <<'JS'
import { readFileSync } from 'node:fs';
import gifenc from 'gifenc';

const { applyPalette, quantize } = gifenc;
const { version } = JSON.parse(readFileSync('node_modules/gifenc/package.json', 'utf8'));
const ramp = Array.from({ length: 256 }, (_, grey) => grey);
const pixels = (greys) => Uint8ClampedArray.from(greys.flatMap((grey) => [grey, grey, grey, 255]));

const palette = quantize(pixels(ramp), 256);
const exact = ramp.map((grey) => [grey, grey, grey]);
function applied(greys) {
  const indices = [...applyPalette(pixels(greys), exact)];
  return new Map(greys.map((grey, i) => [grey, exact[indices[i]][0]]));
}
const upwards = applied(ramp);
const downwards = applied(ramp.toReversed());
const errors = ramp.map((grey) => Math.abs(upwards.get(grey) - grey));
const wrong = errors.filter((error) => error > 0).length;
console.log(`gifenc ${version}, Node ${process.version}`);
console.log(`256 greys quantised to 256 colours: a palette of ${palette.length}: ${palette.slice(0, 4).map(([grey]) => grey).join(', ')}, …`);
console.log(`the exact palette applied: ${wrong} greys wrong, by up to ${Math.max(...errors)}; grey 100 becomes ${upwards.get(100)}, or ${downwards.get(100)} with the pixels the other way round`);
if (palette.length !== 32 || wrong !== 224 || Math.max(...errors) !== 7 || upwards.get(100) === downwards.get(100)) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS
