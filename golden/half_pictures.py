"""What float16 alone costs a whole picture: those of pipeline.py, families.py, inpainting.py, lora.py and caches.py by diffusers.

`python golden/half_pictures.py` writes src/pipeline/golden/half.json: how far each is from the one in float32, at most, of 255.
"""

import json

import diffusers
import numpy as np
import torch

import caches
import families
import inpainting
import lora
import pipeline

OUT = pipeline.OUT


def draw_as_float32() -> None:
    """The noise is that of float32, rounded: in float16 PyTorch draws other numbers."""
    drawn = torch.randn

    def randn(*shape, dtype=None, **given) -> torch.Tensor:
        return drawn(*shape, **given).to(dtype or torch.float32)

    torch.randn = randn


def of_families():
    for run in families.RUNS:
        pipe = diffusers.DiffusionPipeline.from_pretrained(families.OUT / run["family"], torch_dtype=torch.float16)
        pipe.set_progress_bar_config(disable=True)
        yield families.picture(pipe, run)


def of_inpainting():
    read = diffusers.DiffusionPipeline.from_pretrained
    diffusers.DiffusionPipeline.from_pretrained = lambda *args, **_: read(*args, torch_dtype=torch.float16)
    yield from map(inpainting.picture, inpainting.RUNS)
    diffusers.DiffusionPipeline.from_pretrained = read


def of_lora():
    for run in lora.RUNS:
        pipe = lora.open_pipeline(run["family"])
        for name, scale in run["loras"]:
            lora.load(pipe, name)
            pipe.fuse_lora(lora_scale=scale)
            pipe.unload_lora_weights()
        yield lora.picture(pipe.to(torch.float16), run)


def of_caches():
    for run in caches.RUNS:
        pipe = lora.open_pipeline(run["family"]).to(torch.float16)
        pipe.set_progress_bar_config(disable=True)
        yield (caches.with_tgate if "gate_step" in run else caches.with_deep_cache)(pipe, run)


def main() -> None:
    draw_as_float32()
    found = {}
    for name, folder, images in (
        ("pipeline", OUT, pipeline.pictures(torch.float16)),
        ("families", families.OUT, of_families()),
        ("inpainting", inpainting.OUT, of_inpainting()),
        ("lora", lora.OUT, of_lora()),
        ("caches", caches.OUT, of_caches()),
    ):
        found[name] = []
        for i, image in enumerate(images):
            half = np.asarray(image.convert("RGB"), dtype=int)
            whole = np.fromfile(folder / f"{i}.rgb", dtype=np.uint8).reshape(half.shape)
            found[name].append(int(abs(half - whole).max()))
        print(name, found[name], flush=True)
    versions = {"command": "python golden/half_pictures.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "half.json").write_text(json.dumps({"versions": versions, "worst": found}) + "\n")


if __name__ == "__main__":
    main()
