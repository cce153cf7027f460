"""Pictures of a camera held eight ways: `python golden/orientations.py` from the project's root → e2e/golden.

The same four colours in every format that can tell how they lie; upright.json says what Pillow's exif_transpose makes of them.
"""

import json
import shutil
from pathlib import Path

import PIL
from PIL import Image, ImageOps

OUT = Path(__file__).resolve().parent.parent / "e2e/golden"
FORMATS = {
    "jpg": dict(quality=95, subsampling=0),
    "png": {},
    "avif": dict(quality=95, subsampling="4:4:4"),
    "webp": dict(lossless=True),
}


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    stored = Image.new("RGB", (96, 64))
    for i, colour in enumerate([(220, 30, 30), (30, 200, 40), (40, 60, 220), (230, 220, 40)]):
        stored.paste(colour, (48 * (i % 2), 32 * (i // 2), 48 * (i % 2) + 48, 32 * (i // 2) + 32))
    upright = {}
    for orientation in range(1, 9):
        for format, options in FORMATS.items():
            exif = Image.Exif()  # anew for each: the AVIF writer takes the orientation out of the one it is given
            exif[0x0112] = orientation
            stored.save(OUT / f"{orientation}.{format}", exif=exif, **options)
        seen = ImageOps.exif_transpose(Image.open(OUT / f"{orientation}.jpg"))
        corners = [(8, 8), (seen.width - 9, 8), (8, seen.height - 9), (seen.width - 9, seen.height - 9)]
        upright[orientation] = {
            "width": seen.width,
            "height": seen.height,
            "corners": [seen.getpixel(place) for place in corners],
        }
        for format in FORMATS:
            image = ImageOps.exif_transpose(Image.open(OUT / f"{orientation}.{format}"))
            assert image.size == seen.size, (format, orientation, image.size)
    (OUT / "upright.json").write_text(json.dumps({"pillow": PIL.__version__, "upright": upright}, indent=1) + "\n")


if __name__ == "__main__":
    main()
