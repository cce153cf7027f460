"""A full-size UNet with random weights and one evaluation of it by PyTorch, for golden/parity.mjs to be compared with.

`python golden/full_size.py sd15 DIR` (3.4 GB) or `sdxl DIR` (10.3 GB): DIR/config.json, weights.safetensors, golden.safetensors.
"""

import json
import sys
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel

from models import hub_config, randomize, unet_golden, write_golden, write_json

SDXL = dict(
    sample_size=128,
    block_out_channels=(320, 640, 1280),
    down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    transformer_layers_per_block=(1, 2, 10),
    attention_head_dim=(5, 10, 20),
    cross_attention_dim=2048,
    use_linear_projection=True,
    addition_embed_type="text_time",
    addition_time_embed_dim=256,
    projection_class_embeddings_input_dim=2816,
)
MODELS = {"sd15": (dict(sample_size=64, cross_attention_dim=768), 64), "sdxl": (SDXL, 32)}


def write_weights(path: Path, state: dict[str, torch.Tensor]) -> None:
    """safetensors, a tensor at a time: the library's own writer would hold everything twice."""
    header, end = {}, 0
    for name, value in state.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [end, end := end + 4 * value.numel()]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for value in state.values():
            value.contiguous().numpy().tofile(file)


def main(name: str, folder: Path) -> None:
    config, size = MODELS[name]
    folder.mkdir(parents=True, exist_ok=True)
    unet = randomize(UNet2DConditionModel(**config), 50)
    print(f"{sum(p.numel() for p in unet.parameters()):,} parameters")
    write_json(folder / "config.json", hub_config(unet))
    write_weights(folder / "weights.safetensors", unet.state_dict())
    write_golden(folder / "golden.safetensors", unet_golden(unet, size, size, 77, 601.0))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())
