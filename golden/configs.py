"""Whole pictures from repositories with old or unusual configurations: `python golden/configs.py` from the project's root.

Takes the repositories of golden/families.py with another scheduler_config.json, in which old files lack or have what
diffusers' pipelines mend when they are built, or with other keys in a component's config.json, and writes
src/pipeline/golden/configs/*.rgb (8-bit, row by row) and runs.json with the requests.
"""

import json
import shutil
import tempfile
from pathlib import Path

import diffusers
import torch

from families import BETAS, CLASSES, CONFIGS, inputs
from models import ROOT

FAMILIES, OUT = ROOT / "src/pipeline/golden/families", ROOT / "src/pipeline/golden/configs"
OLD = dict(BETAS, set_alpha_to_one=False)
SPELLED = dict(OLD, steps_offset=0, clip_sample=True)
PLMS = dict(OLD, skip_prk_steps=True)
COMMON = dict(negative="text", width=64, height=48, steps=5, guidance=4.0)
LCM = dict(BETAS, original_inference_steps=50)
DDIM, PNDM = "DDIMScheduler", "PNDMScheduler"
RUNS = [
    # The repository's own sampler, its file without the keys.
    dict(COMMON, family="bk-sdm", prompt="a fox", seed=1, own=PNDM, config=PLMS, scheduler="pndm"),
    dict(COMMON, family="bk-sdm", prompt="a fox", seed=2, own=DDIM, config=OLD, scheduler="ddim"),
    dict(COMMON, family="sd2", prompt="a cat", seed=3, own=DDIM, config=OLD, scheduler="ddim", strength=0.6),
    dict(COMMON, family="bk-sdm", prompt="a fox", seed=4, own=DDIM, config=OLD, scheduler="ddim", strength=1.0, mask=True),
    dict(COMMON, family="inpaint", prompt="a book", seed=5, own=PNDM, config=OLD, scheduler="pndm", strength=1.0, mask=True),
    # Without skip_prk_steps only the inpainting pipeline has PLMS; Safelight's PNDM is PLMS everywhere.
    dict(COMMON, family="bk-sdm", prompt="a fox", seed=6, own=PNDM, config=OLD, scheduler="pndm", plms=True),
    # Another sampler than its own: what was mended in a default is forgotten, what was mended in the file is not.
    dict(COMMON, family="sd2", prompt="a cat", seed=7, own=PNDM, config=PLMS, scheduler="ddim"),
    dict(COMMON, family="sd2", prompt="a cat", seed=8, own=PNDM, config=SPELLED, scheduler="ddim"),
    dict(COMMON, family="bk-sdm", prompt="a fox", seed=9, own=PNDM, config=SPELLED, scheduler="ddim", strength=0.7, mask=True),
    # Pipelines that mend nothing.
    dict(COMMON, family="sdxl", prompt="a horse", seed=10, own=DDIM, config=OLD, scheduler="ddim"),
    dict(
        COMMON, family="lcm", prompt="a castle", seed=11, own="LCMScheduler", config=dict(LCM, clip_sample=True), scheduler="lcm"
    ),
    dict(COMMON, family="sdxs", prompt="a pie", seed=12, own="LCMScheduler", config=dict(LCM, clip_sample=True), scheduler="lcm"),
    # Keys that other samplers list, and one that no pipeline of Stable Diffusion reads.
    dict(
        COMMON,
        family="sd2",
        prompt="a cat",
        seed=13,
        own="EulerDiscreteScheduler",
        config=dict(OLD, sigma_min=0.2, sigma_max=10.0),
        scheduler="dpmpp-2m-karras",
    ),
    dict(
        COMMON,
        family="bk-sdm",
        prompt="a fox",
        seed=14,
        own=PNDM,
        config=dict(PLMS, steps_offset=1),
        scheduler="pndm",
        strength=0.7,
        also={"vae/config.json": {"shift_factor": 0.3}},
    ),
]


def repository(run: dict, folder: Path) -> Path:
    """A copy of the family's repository, with the run's configurations."""
    shutil.copytree(FAMILIES / run["family"], folder)
    index = json.loads((folder / "model_index.json").read_text())
    changes = {
        "model_index.json": {**index, "scheduler": ["diffusers", run["own"]]},
        "scheduler/scheduler_config.json": {"_class_name": run["own"], **run["config"]},
    }
    for path, keys in run.get("also", {}).items():
        changes[path] = {**json.loads((folder / path).read_text()), **keys}
    for path, content in changes.items():
        (folder / path).write_text(json.dumps(content))
    return folder


def picture(run: dict):
    kind = "Inpaint" if "mask" in run else "Img2Img" if "strength" in run else ""
    with tempfile.TemporaryDirectory() as folder:
        copy = repository(run, Path(folder) / "model")
        own = json.loads((copy / "model_index.json").read_text())["_class_name"]
        name = own.replace("Inpaint", "").replace("Pipeline", f"{kind}Pipeline")
        pipe = getattr(diffusers, name).from_pretrained(copy, torch_dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    if run["own"] != CLASSES[run["scheduler"]].__name__:
        pipe.scheduler = CLASSES[run["scheduler"]].from_config(pipe.scheduler.config, **CONFIGS.get(run["scheduler"], {}))
    if "plms" in run:
        pipe.scheduler.register_to_config(skip_prk_steps=True)
    extra = {} if run["family"] == "lcm" else {"negative_prompt": run["negative"]}
    if "strength" in run:
        image, mask = inputs(run["width"], run["height"])
        extra |= {"image": image, "strength": run["strength"]}
    if "mask" in run:
        extra |= {"mask_image": mask}
    if "mask" in run or "strength" not in run:
        extra |= {"width": run["width"], "height": run["height"]}
    return pipe(
        run["prompt"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        generator=torch.Generator().manual_seed(run["seed"]),
        **extra,
    ).images[0]


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    for i, run in enumerate(RUNS):
        image = picture(run).convert("RGB")
        (OUT / f"{i}.rgb").write_bytes(image.tobytes())
        print(i, run["family"], run["own"], run["scheduler"], image.size, flush=True)
    versions = {"command": "python golden/configs.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
