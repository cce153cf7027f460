#!/usr/bin/env bash
# A VAE that says "force_upcast": true is still run in float16 by Stable Diffusion's pipeline; only SDXL's reads the setting.
#
# Behaviour: the same AutoencoderKL, with force_upcast true, is decoded in float32 by a float16 StableDiffusionXLPipeline and in
#   float16 by a float16 StableDiffusionPipeline. True is moreover the default of the setting, so a VAE whose config.json does
#   not mention it claims it too.
# Seen with: diffusers 0.42.1, transformers 5.23.0, torch 2.15.0, on 2026-11-27.
# Why a good guess is wrong: the setting stands in the VAE's own configuration, so one takes it for a fact about the VAE that
#   holds in whichever pipeline it is used.
# Whom it hurts: whoever swaps a VAE between the families to get rid of black pictures; ports that follow the setting spend
#   twice the memory on every VAE of Stable Diffusion 1 and 2, those that ignore it break SDXL's.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 accelerate==1.15.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import json, logging, sys, warnings
logging.disable(logging.WARNING); warnings.filterwarnings("ignore")
import diffusers, torch, transformers
from diffusers import AutoencoderKL, DDIMScheduler, EulerDiscreteScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

json.dump({"<|startoftext|>": 0, "<|endoftext|>": 1, "a</w>": 2, "a": 3}, open("vocab.json", "w"))
open("merges.txt", "w").write("#version: 0.2\n")
tokenizer = CLIPTokenizer("vocab.json", "merges.txt", model_max_length=8)
config = CLIPTextConfig(hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, vocab_size=4,
                        projection_dim=32, max_position_embeddings=8, bos_token_id=0, eos_token_id=1, pad_token_id=1)
BLOCKS = dict(block_out_channels=(32, 64), layers_per_block=1, norm_num_groups=8)

def unet(width, **more):
    return UNet2DConditionModel(sample_size=8, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
                                up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=width, **BLOCKS, **more)

def vae():
    return AutoencoderKL(down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2, **BLOCKS)

print(f"diffusers {diffusers.__version__}, transformers {transformers.__version__}, torch {torch.__version__}")
torch.manual_seed(0)
sd = StableDiffusionPipeline(vae(), CLIPTextModel(config), tokenizer, unet(32), DDIMScheduler(), None, None, requires_safety_checker=False)
xl = StableDiffusionXLPipeline(
    vae(), CLIPTextModel(config), CLIPTextModelWithProjection(config), tokenizer, tokenizer,
    unet(64, addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=80),
    EulerDiscreteScheduler(), add_watermarker=False,
)
decoded = []
for pipeline in (sd, xl):
    pipeline.to(torch.float16).set_progress_bar_config(disable=True)
    pipeline.vae.decoder.register_forward_pre_hook(lambda module, inputs: decoded.append(inputs[0].dtype))
    pipeline("a", num_inference_steps=1, height=16, width=16, output_type="np")
    print(f"{type(pipeline).__name__:26} in float16, force_upcast {pipeline.vae.config.force_upcast}: decoded in {decoded[-1]}")
as_described = sd.vae.config.force_upcast and xl.vae.config.force_upcast and decoded == [torch.float16, torch.float32]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
