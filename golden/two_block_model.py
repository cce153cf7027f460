"""Writes e2e/two-block-model: e2e/tiny-model with a UNet of two blocks instead of four and one layer in each block.

`python golden/two_block_model.py` in the project's root, after golden/models.py. The browser tests paint with it: what they
test is the way of a picture through the app, and it loads and computes in a fraction of the time. Its numbers are compared
with nothing.
"""

import shutil

from models import ROOT, TINY, kl_model, randomize, unet_model, write_component, write_manifest

MODEL = ROOT / "e2e/two-block-model"

if __name__ == "__main__":
    shutil.rmtree(MODEL, ignore_errors=True)
    shutil.copytree(TINY, MODEL)
    unet = unet_model(
        layers_per_block=1,
        block_out_channels=(16, 24),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    write_component(MODEL / "unet", "diffusion_pytorch_model.safetensors", randomize(unet, 12))
    vae = kl_model(layers_per_block=1)
    write_component(MODEL / "vae", "diffusion_pytorch_model.safetensors", randomize(vae, 13))
    write_manifest(MODEL)
