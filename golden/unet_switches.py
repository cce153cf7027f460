"""Writes src/models/golden/switches: UNets whose configurations have keys that Stable Diffusion's own leave as they are.

`python golden/unet_switches.py` in the project's root, after golden/models.py, with golden/requirements.txt (torch 2.15,
diffusers 0.42.1). Each folder: config.json, model.safetensors, golden.safetensors.
"""

import shutil

import torch

from models import GOLDEN, randomize, unet_golden, unet_model, write_component, write_golden

OUT = GOLDEN / "switches"
LEVELS = dict(
    block_out_channels=(8, 16),
    layers_per_block=1,
    down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
    cross_attention_dim=24,
)
# SSD-1B's lists at small width: layers without a transformer block, and no mid block.
SSD = dict(
    block_out_channels=(8, 16, 16),
    layers_per_block=(1, 2, 1),
    down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    transformer_layers_per_block=[0, [2, 1], [3]],
    reverse_transformer_layers_per_block=[[1, 2], [2, 0, 1], 1],
    mid_block_type=None,
    attention_head_dim=[2, 4, 4],
    use_linear_projection=True,
    cross_attention_dim=[24, 24, 24],
)
# The last keys change nothing in these blocks: other blocks read them.
SWITCHES = dict(
    **LEVELS,
    act_fn="swish",
    center_input_sample=True,
    conv_in_kernel=5,
    conv_out_kernel=1,
    time_embedding_dim=40,
    time_embedding_act_fn="gelu",
    timestep_post_act="silu",
    only_cross_attention=[True, False],
    downsample_padding=0,
    mid_block_scale_factor=1.5,
    resnet_out_scale_factor=2.0,
    resnet_skip_time_act=True,
    cross_attention_norm="layer_norm",
    mid_block_only_cross_attention=True,
)
PROJECTED = dict(
    **{**LEVELS, "mid_block_type": "UNetMidBlock2D"},
    encoder_hid_dim=20,
    encoder_hid_dim_type="text_proj",
    addition_embed_type="text",
    addition_embed_type_num_heads=4,
    only_cross_attention=True,
)
CASES = {"lists": (SSD, 51, 8, 12), "switches": (SWITCHES, 52, 6, 10), "projected": (PROJECTED, 53, 5, 7)}


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    for name, (config, seed, height, width) in CASES.items():
        unet = randomize(unet_model(**config), seed)
        write_component(OUT / name, "model.safetensors", unet, dtype=torch.float16)
        write_golden(OUT / name / "golden.safetensors", unet_golden(unet, height, width, 9, 321.0 + seed))
