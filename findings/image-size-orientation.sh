#!/usr/bin/env bash
# Which side of a picture is its width depends on its format: image-size and Chromium agree for JPEG and WebP only.
#
# Behaviour: the same 40×20 picture with EXIF orientation 6 (lay it on its side) is saved by Pillow in four formats. Chromium's
#   createImageBitmap turns JPEG, PNG and AVIF to 20×40, and leaves WebP 40×20. image-size says 40×20 for all four and adds the
#   orientation for JPEG alone; for PNG and AVIF nothing tells that the sides are exchanged.
# Seen with: image-size 2.1.0, Pillow 13.0.0, Chromium 156, on 2026-11-27.
# Why a good guess is wrong: all four formats can say how a picture lies (AVIF in a box of its own), so one rule is expected for all, or
#   none; photographs are mostly JPEG, so tests with them pass.
# Whom it hurts: who reads a picture's size from its header to lay it out, crop it or check its limits before the browser decodes it.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q pillow==13.0.0
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" image-size@2.1.0 playwright-core@1.65.1
"$FINDINGS_VENV/bin/python" - <<'PY'
from PIL import ExifTags, Image

picture = Image.new("RGB", (40, 20), "red")
for format in ("jpg", "png", "avif", "webp"):
    exif = Image.Exif()  # anew for each: Pillow takes the orientation out of it when it writes an AVIF
    exif[ExifTags.Base.Orientation] = 6
    picture.save(f"picture.{format}", exif=exif)
PY
CHROME_PATH=${CHROME_PATH:-$(command -v chromium)} node --input-type=module - <<'JS'
import { readFileSync } from 'node:fs';
import { imageSize } from 'image-size';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH });
const page = await browser.newPage();
const { version } = JSON.parse(readFileSync('node_modules/image-size/package.json', 'utf8'));
console.log(`image-size ${version}, Chromium ${browser.version()}`);
const expected = { jpg: '40×20, orientation 6; 20×40', png: '40×20; 20×40', avif: '40×20; 20×40', webp: '40×20; 40×20' };
let asDescribed = true;
for (const [format, told] of Object.entries(expected)) {
  const file = readFileSync(`picture.${format}`);
  const { width, height, orientation } = imageSize(file);
  const bitmap = await page.evaluate(async (base64) => {
    const { width, height } = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]));
    return `${width}×${height}`;
  }, file.toString('base64'));
  const seen = `${width}×${height}${orientation ? `, orientation ${orientation}` : ''}; ${bitmap}`;
  console.log(`${format.padEnd(4)} image-size ${seen.replace('; ', '; Chromium ')}`);
  asDescribed &&= seen === told;
}
await browser.close();
if (!asDescribed) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS
