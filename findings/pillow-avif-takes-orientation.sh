#!/usr/bin/env bash
# Saving a picture as AVIF takes the orientation out of the Exif object that was passed, so the files saved after it lose theirs.
#
# Behaviour: Pillow's AVIF writer puts EXIF's orientation into boxes of AVIF's own (irot, imir), and for that removes it from the
#   caller's Image.Exif. The same object given to the next save, as in a loop over formats, has none any more; JPEG, PNG and WebP leave
#   it as it is. No warning tells.
# Seen with: Pillow 13.0.0, on 2026-11-28.
# Why a good guess is wrong: save() is taken to read its arguments; and the AVIF itself is right, so the loss is seen in another file.
# Whom it hurts: converters that write several formats of a photo, and tests of orientation: a WebP of findings/image-size-orientation had
#   lost its orientation this way (what is said of it holds with one that has it).
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q pillow==13.0.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import sys

import PIL
from PIL import ExifTags, Image

print(f"Pillow {PIL.__version__}")
picture, left = Image.new("RGB", (40, 20), "red"), {}
for format in ("jpg", "png", "webp", "avif"):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    picture.save(f"first.{format}", exif=exif)
    picture.save("second.jpg", exif=exif)
    left[format] = Image.open("second.jpg").getexif().get(ExifTags.Base.Orientation)
    print(f"a JPEG saved after a {format} with the same Exif has orientation {left[format]}")
as_described = left == {"jpg": 6, "png": 6, "webp": 6, "avif": None}
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
