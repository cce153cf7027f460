"""PyTorch's side of the GPU bench: the same models with new layers' weights, its own times, and results in float32.

python torch_side.py FOLDER [sd15] [sdxl] [vae] [small]

Writes MODEL.safetensors (float16), MODEL.golden.safetensors (inputs and outputs by the names of Safelight's graphs) and
torch.json (times in milliseconds, errors), which ends with "done". `small` is what `--small` is to the bench.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file

FOLDER = Path(sys.argv[1])
SMALL = "small" in sys.argv
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
facts = {}

SD15 = dict(cross_attention_dim=768, attention_head_dim=8)
SDXL = dict(
    block_out_channels=[320, 640, 1280],
    down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    transformer_layers_per_block=[1, 2, 10],
    attention_head_dim=[5, 10, 20],
    cross_attention_dim=2048,
    use_linear_projection=True,
    addition_embed_type="text_time",
    addition_time_embed_dim=256,
    projection_class_embeddings_input_dim=2816,
)
VAE = dict(
    block_out_channels=[128, 256, 512, 512],
    down_block_types=["DownEncoderBlock2D"] * 4,
    up_block_types=["UpDecoderBlock2D"] * 4,
    layers_per_block=2,
)
NARROW = dict(
    norm_num_groups=8,
    block_out_channels=[32, 64],
    layers_per_block=1,
    down_block_types=["CrossAttnDownBlock2D", "DownBlock2D"],
    up_block_types=["UpBlock2D", "CrossAttnUpBlock2D"],
)
if SMALL:
    SD15 |= NARROW | dict(attention_head_dim=4)
    SDXL |= NARROW | dict(attention_head_dim=[2, 4], transformer_layers_per_block=[2, 1])
    VAE |= dict(norm_num_groups=8, block_out_channels=[32, 32, 64, 64], layers_per_block=1)


def note(name: str, value) -> None:
    facts[name] = value
    print(name, value, flush=True)
    (FOLDER / "torch.json").write_text(json.dumps(facts, indent=1))


def wait() -> None:
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def median_ms(run, warm: int, runs: int) -> float:
    times = []
    for i in range(warm + runs):
        wait()
        start = time.perf_counter()
        run()
        wait()
        if i >= warm:
            times.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(times), 2)


def noise(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator(DEVICE).manual_seed(seed), device=DEVICE)


def write(name: str, tensors: dict[str, torch.Tensor]) -> None:
    save_file({key: value.contiguous().cpu() for key, value in tensors.items()}, FOLDER / f"{name}.safetensors")


def error(found: torch.Tensor, expected: torch.Tensor) -> float:
    return ((found.float() - expected).norm() / expected.norm()).item()


@torch.no_grad()
def measure(name: str, model: torch.nn.Module, run, golden: dict[str, torch.Tensor], output: str) -> None:
    """`run` gives the model's result for inputs of a dtype."""
    model = model.eval().half()
    tensors = model.state_dict()
    # Safelight decodes only; an encoder's weights would be read for nothing.
    write(name, {key: value for key, value in tensors.items() if not key.startswith(("encoder.", "quant_conv."))})
    if DEVICE == "cuda":
        note(f"{name}, float16, ms", median_ms(lambda: run(model, torch.float16), 3, 10))
        half = run(model, torch.float16)
    model = model.float()
    expected = run(model, torch.float32)
    if DEVICE == "cuda":
        note(f"{name}, float32, ms", median_ms(lambda: run(model, torch.float32), 2, 5))
        note(f"{name}, error of float16", error(half, expected))
    write(f"{name}.golden", {key: value.float() for key, value in golden.items()} | {output: expected})


def unet(name: str, config: dict, side: int) -> None:
    """A step with guidance: both texts in one batch."""
    torch.manual_seed(7)
    with torch.device(DEVICE):
        model = UNet2DConditionModel(**config)
    golden = dict(
        sample=noise(1, 1, 4, side, side),
        timestep=torch.tensor([500.0], device=DEVICE),
        encoder_hidden_states=noise(2, 2, 77, config["cross_attention_dim"]),
    )
    if name == "sdxl":
        sizes = [1024.0, 1024, 0, 0, 1024, 1024]
        golden |= dict(text_embeds=noise(3, 2, 1280), time_ids=torch.tensor([sizes] * 2, device=DEVICE))

    def run(model, dtype):
        added = {key: golden[key].to(dtype) for key in ("text_embeds", "time_ids") if key in golden}
        sample = torch.cat([golden["sample"]] * 2).to(dtype)
        states = golden["encoder_hidden_states"].to(dtype)
        return model(sample, golden["timestep"], states, added_cond_kwargs=added or None, return_dict=False)[0]

    measure(name, model, run, golden, "out_sample")


def vae(side: int) -> None:
    torch.manual_seed(7)
    with torch.device(DEVICE):
        model = AutoencoderKL(**VAE)
    golden = dict(latent_sample=noise(4, 1, 4, side, side))
    run = lambda model, dtype: model.decode(golden["latent_sample"].to(dtype), return_dict=False)[0]
    measure("vae", model, run, golden, "sample")


torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
FOLDER.mkdir(parents=True, exist_ok=True)
note("GPU", torch.cuda.get_device_name() if DEVICE == "cuda" else "none")
note("PyTorch, diffusers", f"{torch.__version__}, {diffusers.__version__}")
wanted = [name for name in ("sd15", "sdxl", "vae") if name in sys.argv[2:]] or ["sd15", "sdxl", "vae"]
if "sd15" in wanted:
    unet("sd15", SD15, 8 if SMALL else 64)
if "vae" in wanted:
    vae(8 if SMALL else 64)
if "sdxl" in wanted:
    unet("sdxl", SDXL, 8 if SMALL else 128)
note("done", True)
