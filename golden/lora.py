"""Random LoRA files in each common layout, the weights that diffusers' own fuse_lora makes of them, and a picture of each.

`python golden/lora.py` from the project's root, after models.py and families.py, whose repositories it uses. Writes src/pipeline/golden/lora/:
{layout}.safetensors; per run {i}.rgb, 8-bit, row by row, and {i}.safetensors, of every weight that changed some 64 values, evenly apart, in float32;
runs.json with the requests, and of every weight that changed its shape, the sum of its values, and that of their magnitudes.
"""

import json
import re
import shutil
from pathlib import Path

import diffusers
import numpy as np
import peft
import torch
from diffusers import AutoencoderKL, DiffusionPipeline, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer

from families import OUT as FAMILIES
from families import picture
from models import ROOT, TINY
from pipeline import text_encoder

OUT = ROOT / "src/pipeline/golden/lora"
ATTENTION = r"attn[12]\.to_(q|k|v|out\.0)"
# diffusers' own names for what sgm, Stability's code, calls otherwise within a block.
SGM_LAYERS = {
    "conv1": "in_layers_2",
    "conv2": "out_layers_3",
    "time_emb_proj": "emb_layers_1",
    "conv_shortcut": "skip_connection",
}
RUNS = [
    dict(
        family="tiny-model",
        loras=[["kohya", 0.8]],
        prompt="a red apple",
        negative="blurry",
        width=64,
        height=64,
        steps=5,
        guidance=5.0,
        seed=31,
        scheduler="ddim",
    ),
    dict(
        family="sd2",
        loras=[["peft", 1.0]],
        prompt="a small cat",
        negative="",
        width=64,
        height=72,
        steps=5,
        guidance=4.0,
        seed=32,
        scheduler="ddim",
    ),
    dict(
        family="tiny-model",
        loras=[["diffusers-old", 1.3]],
        prompt="an old house",
        negative="text",
        width=72,
        height=64,
        steps=4,
        guidance=3.0,
        seed=33,
        scheduler="euler",
    ),
    dict(
        family="sdxl",
        loras=[["kohya-sdxl", 0.7]],
        prompt="a river",
        negative="low quality",
        width=64,
        height=64,
        steps=4,
        guidance=5.0,
        seed=34,
        scheduler="euler",
    ),
    dict(
        family="tiny-model",
        loras=[["kohya", 0.6], ["diffusers-old", -0.5]],
        prompt="a fox",
        negative="",
        width=64,
        height=64,
        steps=5,
        guidance=4.0,
        seed=35,
        scheduler="ddim",
    ),
]


def repository(family: str) -> Path:
    return TINY if family == "tiny-model" else FAMILIES / family


def open_pipeline(family: str) -> DiffusionPipeline:
    """In float32, from the weights as stored."""
    if family != "tiny-model":
        pipe = DiffusionPipeline.from_pretrained(repository(family), torch_dtype=torch.float32)
    else:
        pipe = StableDiffusionPipeline(
            vae=AutoencoderKL.from_pretrained(TINY / "vae"),
            text_encoder=text_encoder(),
            tokenizer=CLIPTokenizer.from_pretrained(TINY / "tokenizer"),
            unet=UNet2DConditionModel.from_pretrained(TINY / "unet"),
            scheduler=PNDMScheduler.from_pretrained(TINY / "scheduler"),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def layers(
    model: torch.nn.Module, pattern: str, seed: int, alphas=(None,), ranks=(4,), dtype=torch.float32
) -> dict[str, dict[str, torch.Tensor]]:
    """lora_down, lora_up and alpha of every module whose whole path fits `pattern`, in size a third of what they change; ranks and alphas in turn.

    Attention has the first alpha throughout: diffusers takes the commonest one for all of it, and for all of a text encoder.
    """
    generator = torch.Generator().manual_seed(seed)
    found = {
        name: module.weight
        for name, module in model.named_modules()
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)) and re.fullmatch(pattern, name)
    }
    result = {}
    for i, (name, weight) in enumerate(sorted(found.items())):
        rank, alpha = ranks[i % len(ranks)], alphas[0 if re.search(ATTENTION, name) else i % len(alphas)]
        noise = lambda *shape: torch.randn(shape, generator=generator)
        down, up = noise(rank, *weight.shape[1:]), noise(weight.shape[0], rank, *[1] * (weight.ndim - 2))
        scale = 0.3 / (1 if alpha is None else alpha / rank) / (weight[0].numel() * rank) ** 0.5
        result[name] = {
            "down": down.to(dtype),
            "up": (scale * up).to(dtype),
            **({} if alpha is None else {"alpha": torch.tensor(float(alpha), dtype=dtype)}),
        }
    return result


def kohya(prefix: str, modules: dict, rename=lambda name: name.replace(".", "_")) -> dict[str, torch.Tensor]:
    """kohya-ss/sd-scripts, networks/lora.py."""
    keys = {"down": "lora_down.weight", "up": "lora_up.weight", "alpha": "alpha"}
    return {f"{prefix}_{rename(name)}.{keys[part]}": value for name, module in modules.items() for part, value in module.items()}


def sgm(name: str, layers_per_block: int = 1) -> str:
    """A UNet's module as Stability's own code calls it, and with it everything trained on SDXL's one-file checkpoint."""
    block, *rest = name.split(".")
    if block == "mid_block":
        kind, i, *rest = rest
        head = f"middle_block_{2 * int(i) if kind == 'resnets' else 1}"
    else:
        level, kind, i, *rest = rest
        row = int(level) * (layers_per_block + 1)
        if kind == "downsamplers":
            return f"input_blocks_{row + layers_per_block + 1}_0_op"
        if kind == "upsamplers":
            return f"output_blocks_{row + layers_per_block}_2_conv"
        head = f"input_blocks_{row + int(i) + 1}" if block == "down_blocks" else f"output_blocks_{row + int(i)}"
        head += "_0" if kind == "resnets" else "_1"
    return "_".join([head, *(SGM_LAYERS.get(part, part) for part in rest)])


def old(component: str, modules: dict) -> dict[str, torch.Tensor]:
    """diffusers up to 0.21: attention processors in the UNet, monkey-patched projections in the text encoder."""
    attention = {"q_proj": "to_q_lora", "k_proj": "to_k_lora", "v_proj": "to_v_lora", "out_proj": "to_out_lora"}

    def rename(name: str) -> str:
        if component == "unet":
            return re.sub(r"\.to_(q|k|v|out)(\.0)?$", r".processor.to_\1_lora", name)
        head, _, last = name.rpartition(".")
        return f"{head}.{attention[last]}" if last in attention else f"{name}.lora_linear_layer"

    return {
        f"{component}.{rename(name)}.{part}.weight": value for name, module in modules.items() for part, value in module.items()
    }


def prefixed(modules: dict) -> dict:
    """The text encoder as files name it; transformers 5 has dropped the prefix of one of its two classes."""
    return {f"text_model.{name.removeprefix('text_model.')}": module for name, module in modules.items()}


def write_peft(pipe) -> None:
    """By diffusers' save_lora_weights, as its training scripts call it; the scale is in the file's metadata."""
    unet = LoraConfig(
        r=4,
        lora_alpha=6,
        target_modules=["to_q", "to_v", "proj_in", "conv1", "conv_shortcut"],
        rank_pattern={"to_v": 2},
        alpha_pattern={"mid_block.*.to_q": 1},
    )
    text = LoraConfig(r=2, lora_alpha=3, target_modules=["q_proj", "v_proj", "fc1"])
    generator = torch.Generator().manual_seed(60)
    metadata = [{**config.to_dict(), "target_modules": sorted(config.target_modules)} for config in (unet, text)]
    states = []
    for model, config in ((pipe.unet, unet), (pipe.text_encoder, text)):
        model.add_adapter(config)
        state = {
            name: torch.randn(value.shape, generator=generator) / value[0].numel() ** 0.5
            for name, value in get_peft_model_state_dict(model).items()
        }
        states.append({name: 0.3 * value if "lora_B" in name else value for name, value in state.items()})
    StableDiffusionPipeline.save_lora_weights(
        OUT,
        unet_lora_layers=states[0],
        text_encoder_lora_layers=prefixed(states[1]),
        weight_name="peft.safetensors",
        unet_lora_adapter_metadata=metadata[0],
        text_encoder_lora_adapter_metadata=metadata[1],
    )


def write_files() -> None:
    tiny, xl = open_pipeline("tiny-model"), open_pipeline("sdxl")
    attention = rf"(down_blocks\.0|mid_block)\.attentions\.0\.(proj_in|proj_out|transformer_blocks\.0\.({ATTENTION}|ff\.net\.(0\.proj|2)))"
    convolutions = r"down_blocks\.1\.(resnets\.0\..*|downsamplers\.0\.conv)|up_blocks\.2\.upsamplers\.0\.conv"
    text = r".*layers\.[01]\.(self_attn\.(q|k|v|out)_proj|mlp\.fc[12])"
    save_file(
        {
            **kohya(
                "lora_unet",
                layers(tiny.unet, f"{attention}|{convolutions}", 50, alphas=(1, 3, 8), ranks=(4, 2), dtype=torch.float16),
            ),
            **kohya("lora_te", prefixed(layers(tiny.text_encoder, text, 51, alphas=(2,), dtype=torch.float16))),
        },
        OUT / "kohya.safetensors",
    )
    save_file(
        {
            **old("unet", layers(tiny.unet, rf"(down_blocks\.0|mid_block|up_blocks\.3)\..*\.{ATTENTION}", 52)),
            **old("text_encoder", prefixed(layers(tiny.text_encoder, text, 53))),
        },
        OUT / "diffusers-old.safetensors",
    )
    blocks = rf"(down_blocks\.1|mid_block|up_blocks\.0)\.attentions\.0\.(proj_in|proj_out|transformer_blocks\.\d\.({ATTENTION}|ff\.net\.(0\.proj|2)))"
    convolutions = r"(down_blocks\.1|mid_block|up_blocks\.2)\.resnets\.[01]\..*|.*samplers\.0\.conv"
    save_file(
        {
            **kohya(
                "lora_unet",
                layers(xl.unet, f"{blocks}|{convolutions}", 54, alphas=(1, 4), ranks=(2, 4, 3), dtype=torch.bfloat16),
                sgm,
            ),
            **kohya("lora_te1", prefixed(layers(xl.text_encoder, text, 55, alphas=(2,), dtype=torch.bfloat16))),
            **kohya("lora_te2", layers(xl.text_encoder_2, text, 56, alphas=(1,), dtype=torch.bfloat16)),
        },
        OUT / "kohya-sdxl.safetensors",
    )
    write_peft(open_pipeline("sd2"))


def load(pipe, name: str) -> None:
    """load_lora_weights, told that transformers 5 has no `text_model`: families.py gives it one, for clip_skip, and diffusers asks for it."""
    bare = lambda names: (
        names and {key.replace("text_encoder.text_model.", "text_encoder."): value for key, value in names.items()}
    )
    read = type(pipe).lora_state_dict

    def lora_state_dict(*args, **kwargs):
        state, alphas, metadata = read(*args, **kwargs)
        return bare(state), bare(alphas), metadata

    pipe.lora_state_dict = lora_state_dict
    pipe.load_lora_weights(OUT / f"{name}.safetensors", adapter_name=name)


def weights(pipe, family: str) -> dict[str, dict[str, torch.Tensor]]:
    """Every component's tensors, by their names in the repository's files."""
    result = {}
    for component, file in (("unet", "diffusion_pytorch_model"), ("text_encoder", "model"), ("text_encoder_2", "model")):
        if component in pipe.components:
            names = load_file(repository(family) / component / f"{file}.safetensors").keys()
            own = {
                name.replace(".base_layer", ""): value
                for name, value in getattr(pipe, component).state_dict().items()
                if ".lora_" not in name
            }
            result[component] = {name if name in names else f"text_model.{name}": value.clone() for name, value in own.items()}
            assert result[component].keys() >= names - {"text_model.embeddings.position_ids"}
    return result


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    write_files()
    for i, run in enumerate(RUNS):
        pipe = open_pipeline(run["family"])
        before = weights(pipe, run["family"])
        plain = picture(pipe, run)
        # One after another: transformers 5 forgets a text encoder's first adapter when it loads the second.
        for name, scale in run["loras"]:
            load(pipe, name)
            pipe.fuse_lora(lora_scale=scale)
            pipe.unload_lora_weights()
        after = weights(pipe, run["family"])
        fused = {
            (component, name): value
            for component, tensors in after.items()
            for name, value in tensors.items()
            if not torch.equal(value, before[component][name])
        }
        save_file(
            {
                f"{component}/{name}": value.flatten()[:: max(1, value.numel() // 64)].clone()
                for (component, name), value in fused.items()
            },
            OUT / f"{i}.safetensors",
        )
        run["fused"] = {
            component: {
                name: [list(value.shape), value.double().sum().item(), value.double().abs().sum().item()]
                for (own, name), value in fused.items()
                if own == component
            }
            for component in after
        }
        image = picture(pipe, run)
        (OUT / f"{i}.rgb").write_bytes(image.tobytes())
        change = np.abs(np.asarray(image, dtype=float) - np.asarray(plain, dtype=float)).mean()
        print(
            i,
            run["family"],
            run["loras"],
            {component: len(names) for component, names in run["fused"].items()},
            "picture changed by",
            change,
        )
    versions = {
        "command": "python golden/lora.py",
        "diffusers": diffusers.__version__,
        "peft": peft.__version__,
        "torch": torch.__version__,
    }
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}) + "\n")


if __name__ == "__main__":
    main()
