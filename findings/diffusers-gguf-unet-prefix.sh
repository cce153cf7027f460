#!/usr/bin/env bash
# diffusers reads a GGUF file of a U-Net of Stable Diffusion only where each name begins with model.diffusion_model.
#
# Behaviour: UNet2DConditionModel.from_single_file opens such a file with that prefix, and not without it: one of Stable Diffusion 1
#   ends in "Weights for this component appear to be missing in the checkpoint.", one of SDXL in KeyError 'label_emb.0.0.weight'. All
#   weights are there: the same file with the prefix opens, and its layers stay in blocks.
# Seen with: diffusers 0.42.1, gguf 0.19.0, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: ComfyUI-GGUF's tools/convert.py, which most GGUF files of these U-Nets are written with, strips the prefix;
#   for Flux and SD 3 diffusers reads files without it, and the error says that weights are missing.
# Whom it hurts: whoever opens a U-Net's GGUF file in diffusers, or takes diffusers' word that a file is not whole.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 gguf==0.19.0 accelerate==1.15.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import re, sys
import diffusers, gguf, numpy as np, torch
from diffusers import GGUFQuantizationConfig, UNet2DConditionModel

RESNET = {"norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection"}
OUTSIDE = {"time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2", "add_embedding.linear_1": "label_emb.0.0",
           "add_embedding.linear_2": "label_emb.0.2", "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2"}

def original(key):
    """Stability AI's name, for a U-Net of one level with one layer."""
    module, parameter = key.rsplit(".", 1)
    if module in OUTSIDE:
        return f"{OUTSIDE[module]}.{parameter}"
    side, kind, index, inside = re.fullmatch(r"(mid|down|up)_blocks?(?:\.0)?\.(\w+)\.(\d+)\.(.+)", module).groups()
    place = {"mid": f"middle_block.{2 * int(index) if kind == 'resnets' else 1}", "down": f"input_blocks.{1 + int(index)}.{int(kind != 'resnets')}",
             "up": f"output_blocks.{index}.{int(kind != 'resnets')}"}[side]
    return f"{place}.{RESNET[inside] if kind == 'resnets' else inside}.{parameter}"

def opened(kind, prefix):
    torch.manual_seed(0)
    xl = dict(addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=80) if kind == "sdxl" else {}
    unet = UNet2DConditionModel(
        block_out_channels=(32,), layers_per_block=1, norm_num_groups=8, attention_head_dim=4, cross_attention_dim=32,
        down_block_types=("CrossAttnDownBlock2D",), up_block_types=("CrossAttnUpBlock2D",), **xl,
    )
    unet.save_config(kind)
    writer = gguf.GGUFWriter(f"{kind}.gguf", kind)
    for key, value in unet.state_dict().items():
        array = value.float().numpy()
        is_matrix = array.ndim == 2 and array.shape[1] % 32 == 0
        kind_of = gguf.GGMLQuantizationType.Q8_0 if is_matrix else gguf.GGMLQuantizationType.F32
        writer.add_tensor(prefix + original(key), gguf.quantize(array, kind_of), raw_dtype=kind_of)
    writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()
    try:
        config = GGUFQuantizationConfig(compute_dtype=torch.float32)
        UNet2DConditionModel.from_single_file(f"{kind}.gguf", config=kind, quantization_config=config, torch_dtype=torch.float32)
        return "opens"
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"[:130]

print(f"diffusers {diffusers.__version__}, gguf 0.19.0, torch {torch.__version__}")
found = {(kind, prefix): opened(kind, prefix) for kind in ("sd1", "sdxl") for prefix in ("model.diffusion_model.", "")}
for (kind, prefix), result in found.items():
    print(f"{kind} with names that begin with {prefix or 'nothing'!r}: {result}")
as_described = all((result == "opens") == (prefix != "") for (_, prefix), result in found.items())
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
