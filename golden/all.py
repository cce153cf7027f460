"""Every golden file anew: `python golden/all.py` from the project's root, some minutes. See golden/README.md."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = [
    "randn",
    "philox",
    "casts",
    "scaled_float8",
    "gguf_blocks",
    "schedulers",
    "scheduler_switches",
    "sigma_schedules",
    "dpmpp_3m_sde",
    "tokenizer",
    "clip_tokenizer",
    "models",
    "two_block_model",
    "unet_addends",
    "unet_switches",
    "tokenizer_layouts",
    "prompt",
    "pipeline",
    "families",
    "configs",
    "tokenizer_pictures",
    "latents_statistics",
    "edm_pictures",
    "sdxl_variants",
    "caches",
    "few_steps",
    "inpainting",
    "orientations",
    "hires",
    "webui",
    "lora",
    "controls",
    "control_union",
    "adapters",
    "half_pictures",
    "lora_methods",
    "clip_vocabulary",
    "single_file",
    "single_file_pictures",
    "gguf_pictures",
    "quantize",
    "onnx_repository",
    "metadata",
    "hub_addresses",
    "metadata_tools",
    "upscaler",
    "trinket",
]

for script in SCRIPTS:
    print(f"— {script}", flush=True)
    subprocess.run([sys.executable, Path(__file__).parent / f"{script}.py"], check=True)
