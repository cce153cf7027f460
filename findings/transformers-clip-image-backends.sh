#!/usr/bin/env bash
# Whether torchvision is installed decides what CLIP sees of a picture.
#
# Behaviour: transformers.CLIPImageProcessor resizes by torchvision, CLIPImageProcessorPil by Pillow, both "bicubic, antialiased". Of a
#   picture that is resized they differ by 1 of 255 in some places; of one that fits already they are equal. Where torchvision is not
#   installed, AutoImageProcessor takes Pillow's without a word.
# Seen with: transformers 5.23.0, torch 2.15.0, torchvision 0.29.2, Pillow 13.0.0, on 2026-11-28.
# Why a good guess is wrong: torchvision's documentation says that on 8-bit pictures its antialiased resize is Pillow's; it keeps the
#   filter's weights in 16 bits, Pillow in 22 and more. And the two have one configuration file.
# Whom it hurts: whoever compares an image encoder (IP-Adapter, CLIP scores) with another program's: with small models, or many sampler
#   steps after it, 1 of 255 becomes much more, and looks like a fault of the port.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q transformers==5.23.0 torch==2.15.0 torchvision==0.29.2 pillow==13.0.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
logging.disable(logging.WARNING)
import numpy as np, PIL, torch, torchvision, transformers
from PIL import Image
from transformers import CLIPImageProcessor, CLIPImageProcessorPil

print(f"transformers {transformers.__version__}, torch {torch.__version__}, torchvision {torchvision.__version__}, Pillow {PIL.__version__}")
y, x = np.mgrid[0:131, 0:90]
waves = np.stack([np.sin(x / 6), np.cos((x + y) / 8), np.sin(x * y / 300)], -1)
picture = Image.fromarray(((waves + 1) * 127.5).round().astype(np.uint8))

def levels(processor, image, side):
    """What the encoder is given, as 0 … 255 again."""
    pixels = processor(size=side, crop_size=side)(image, return_tensors="pt").pixel_values[0].permute(1, 2, 0).numpy()
    return (pixels * np.array(processor.image_std) + np.array(processor.image_mean)) * 255

seen = {}
for name, image, side in (("resized from 90 × 131 to 42", picture, 42), ("of the right size", picture.crop((0, 0, 42, 42)), 42)):
    off = np.abs(levels(CLIPImageProcessor, image, side) - levels(CLIPImageProcessorPil, image, side))
    seen[name] = off.max()
    print(f"{name}: at most {off.max():.3f} of 255 apart, {(off > 0.5).mean():.1%} of the numbers by 1")
resized, fitting = seen.values()
sys.exit(0 if 0.9 < resized < 1.1 and fitting < 0.01 else "The behaviour is no longer as described.")
PY
