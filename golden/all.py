"""Every golden file anew: `python golden/all.py` from the project's root, some minutes. See golden/README.md."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = [
    "randn",
    "casts",
    "schedulers",
    "tokenizer",
    "clip_tokenizer",
    "models",
    "unet_addends",
    "unet_switches",
    "prompt",
    "pipeline",
    "families",
    "latents_statistics",
    "inpainting",
    "hires",
    "lora",
    "clip_vocabulary",
    "single_file",
    "single_file_pictures",
    "quantize",
    "onnx_repository",
    "metadata",
    "upscaler",
    "trinket",
]

for script in SCRIPTS:
    print(f"— {script}", flush=True)
    subprocess.run([sys.executable, Path(__file__).parent / f"{script}.py"], check=True)
