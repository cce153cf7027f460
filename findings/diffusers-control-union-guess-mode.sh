#!/usr/bin/env bash
# StableDiffusionXLControlNetUnionPipeline cannot run guess_mode together with guidance, although it documents both.
#
# Behaviour: with guess_mode=True and guidance_scale above 1 the pipeline ends in a RuntimeError about the shapes of two tensors: the
#   kind of map (control_type) is repeated for both halves of guidance, but in guess mode the ControlNet is given one half only. Without
#   guidance, or without guess mode, the same call paints. StableDiffusionXLControlNetPipeline paints with both.
# Seen with: diffusers 0.42.1, transformers 5.23.0, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: guess_mode is made for guidance (its docstring recommends a guidance_scale of 3 to 5), and the pipeline has
#   the code that fills up the missing half afterwards.
# Whom it hurts: who ports the Union pipeline and looks for a reference of guess mode: there is none but without guidance.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 accelerate==1.15.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
logging.disable(logging.WARNING)
import diffusers, torch, transformers
from diffusers import (AutoencoderKL, ControlNetModel, ControlNetUnionModel, EulerDiscreteScheduler, StableDiffusionXLControlNetPipeline,
                       StableDiffusionXLControlNetUnionPipeline, UNet2DConditionModel)

torch.manual_seed(0)
shared = dict(block_out_channels=(32, 64), down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), layers_per_block=1,
              attention_head_dim=(2, 4), cross_attention_dim=64, use_linear_projection=True, addition_embed_type="text_time",
              addition_time_embed_dim=8, projection_class_embeddings_input_dim=80, transformer_layers_per_block=(1, 1))
unet = UNet2DConditionModel(sample_size=8, up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), **shared)
vae = AutoencoderKL(block_out_channels=(32, 64), down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2)
hint = dict(conditioning_embedding_out_channels=(16, 32))
union = ControlNetUnionModel(num_control_type=6, num_trans_channel=32, num_trans_head=2, num_proj_channel=32, **shared, **hint)
plain = ControlNetModel(**shared, **hint)

def paints(pipeline, net, image, guess, guidance):
    parts = dict(vae=vae, text_encoder=None, text_encoder_2=None, tokenizer=None, tokenizer_2=None, unet=unet, controlnet=net,
                 scheduler=EulerDiscreteScheduler(), add_watermarker=False)
    painter = pipeline(**parts)
    painter.set_progress_bar_config(disable=True)
    text = dict(prompt_embeds=torch.randn(1, 7, 64), pooled_prompt_embeds=torch.randn(1, 32))
    negative = {f"negative_{name}": torch.randn_like(states) for name, states in text.items()}
    try:
        painter(**text, **negative, **image, num_inference_steps=2, width=64, height=64, guess_mode=guess, guidance_scale=guidance, output_type="latent")
        return "paints"
    except RuntimeError as error:
        return f"RuntimeError: {str(error).splitlines()[0]}"

print(f"diffusers {diffusers.__version__}, transformers {transformers.__version__}, torch {torch.__version__}")
map_ = torch.rand(1, 3, 64, 64)
found = {}
for name, pipeline, net, image in (("Union", StableDiffusionXLControlNetUnionPipeline, union, dict(control_image=[map_], control_mode=[0])),
                                   ("plain", StableDiffusionXLControlNetPipeline, plain, dict(image=map_))):
    for guess, guidance in ((True, 5.0), (True, 1.0), (False, 5.0)):
        found[name, guess, guidance] = paints(pipeline, net, image, guess, guidance)
        print(f"{name}, guess_mode={guess}, guidance_scale={guidance}: {found[name, guess, guidance]}")
broken = [case for case, outcome in found.items() if outcome != "paints"]
sys.exit(0 if broken == [("Union", True, 5.0)] else "The behaviour is no longer as described.")
PY
