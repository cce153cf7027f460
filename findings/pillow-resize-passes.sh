#!/usr/bin/env bash
# Pillow 13 resizes a picture by heights before widths where it likes, and 8-bit results are others than Pillow 12's.
#
# Behaviour: Image.resize filters in two passes and rounds to 8 bits after each. Up to Pillow 12 widths came first for every size.
#   Pillow 13 begins with heights for some sizes that get lower, such as 40 x 50 to 39 x 25, and with widths for others, such as
#   40 x 50 to 20 x 25. A picture resized to such a size differs in a third of its values, by up to 10 of 255 on a rough one.
#   Resizing in two calls, (39, 50) and then (39, 25), gives Pillow 12's result in both.
# Seen with: Pillow 12.0.0 and 13.0.0, on 2026-11-28.
# Why a good guess is wrong: the filter is the same, enlarging is bit for bit the same, and so are many sizes that get smaller.
# Whom it hurts: golden files of preprocessors (SAM's, CLIP's), ports that follow Pillow's passes, caches keyed by resized pixels.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cat > "$dir/resize.py" <<'PY'
import sys
import PIL
from PIL import Image

picture = Image.frombytes("RGB", (40, 50), bytes((i * i * 7 + i * 13) % 256 for i in range(40 * 50 * 3)))
resize = lambda image, *size: image.resize(size, Image.LANCZOS)
seen = {}
for width, height in ((39, 25), (20, 25), (80, 100)):
    once = resize(picture, width, height).tobytes()
    widths = resize(resize(picture, width, 50), width, height).tobytes()
    heights = resize(resize(picture, 40, height), width, height).tobytes()
    order = "widths" if once == widths else "heights" if once == heights else "neither"
    apart = sum(a != b for a, b in zip(widths, heights)) / len(once)
    seen[width, height] = order
    print(f"Pillow {PIL.__version__}, 40 x 50 to {width} x {height}: {order} first; the orders differ in {apart:.0%} of the values")
sys.exit(0 if list(seen.values()) == sys.argv[1].split(",") else "The behaviour is no longer as described.")
PY
for run in "12.0.0 widths,widths,widths" "13.0.0 heights,widths,widths"; do
  read -r version orders <<< "$run"
  python3 -m pip install -q --target "$dir/$version" "pillow==$version"
  PYTHONPATH="$dir/$version" python3 "$dir/resize.py" "$orders"
done
