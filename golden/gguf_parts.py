"""UNets and text encoders alone as GGUF files, and pictures by diffusers with such a part in the place of the model's own:
`python golden/gguf_parts.py`, with gguf 0.19.0. The models are those of golden/single_file_pictures.py.

Writes src/pipeline/golden/gguf-parts/: {name}.gguf.gz, {name}.rgb and runs.json. UNets are as ComfyUI-GGUF's tools/convert.py writes
them: an architecture, Stability AI's names without a prefix, and what divides by 256 in rows of 256 with `comfy.gguf.orig_shape`.
diffusers 0.42.1 reads neither, so that one has `model.diffusion_model.` before its names and no other shapes: it is painted with what
`from_single_file` makes of it with GGUFQuantizationConfig, the others with the weights that ggml's own Python reads.
Text encoders have transformers' names, without an architecture, and one of them stable-diffusion.cpp's prefix.
"""

import gzip
import json
import tempfile
from pathlib import Path

import gguf
import numpy as np
import torch
from diffusers import GGUFQuantizationConfig, UNet2DConditionModel
from gguf.constants import GGMLQuantizationType as Type
from transformers import CLIPTextModelWithProjection

from gguf_pictures import packed
from models import ROOT, rename
from single_file import OPEN, SD1, TEXT_TIME, UNET, VERSIONS, ldm_unet, small_unet
from single_file_pictures import MODELS, RUNS, half, words

OUT = ROOT / "src/pipeline/golden/gguf-parts"


def write(path: Path, file: dict[str, torch.Tensor], architecture: str) -> dict[str, torch.Tensor]:
    """Writes the file; returns the weights that are in it."""
    writer = gguf.GGUFWriter(path, architecture)
    read, turn = {}, 0
    for key, value in file.items():
        shape = tuple(value.shape)
        is_reshaped = architecture == "sd1" and value.ndim > 1 and value.numel() % 256 == 0 and shape[-1] % 256 != 0
        rows = value.reshape(-1, 256) if is_reshaped else value
        if is_reshaped:
            writer.add_array(f"comfy.gguf.orig_shape.{key}", list(shape))
        data, kind = packed(key, rows, turn)
        turn += kind not in (Type.F16, Type.F32)
        read[key] = torch.from_numpy(gguf.dequantize(data, kind).reshape(shape).copy())
        writer.add_tensor(key, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return read


def by_diffusers(path: Path, unet) -> UNet2DConditionModel:
    """The same file as diffusers opens it; its linear layers stay in blocks, which it dequantises at each step."""
    with tempfile.TemporaryDirectory() as config:
        unet.save_config(config)
        return UNet2DConditionModel.from_single_file(
            str(path), config=config, quantization_config=GGUFQuantizationConfig(compute_dtype=torch.float32), torch_dtype=torch.float32
        )


def xl_unet():
    sizes = {**TEXT_TIME, "projection_class_embeddings_input_dim": 64 + 6 * 32, "cross_attention_dim": 128}
    return half(small_unet((64, 64), (False, True), (1, 2), **sizes), 73)


PREFIX = "text_encoders.clip_g.transformer."
PARTS = {
    "sd1-unet": ("unet", "sd1", lambda: half(small_unet((32, 64), (True, True), **SD1), 71)),
    "sd1-clip_l": ("text_encoder", "", lambda: words(72, hidden_act="quick_gelu")),
    "sdxl-unet": ("unet", "sdxl", xl_unet),
    "sdxl-clip_g": ("text_encoder_2", "", lambda: words(74, CLIPTextModelWithProjection, **OPEN)),
}


def paint(pipe, run) -> np.ndarray:
    pipe.set_progress_bar_config(disable=True)
    image = pipe(
        run["prompt"],
        negative_prompt=run["negative"],
        width=run["width"],
        height=run["height"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        generator=torch.Generator().manual_seed(run["seed"]),
    ).images[0]
    return np.asarray(image.convert("RGB"))


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    runs = []
    for name, (component, architecture, make) in PARTS.items():
        base = name.split("-")[0]
        run = next(run for run in RUNS if run["name"] == base)
        _, pipe = MODELS[base]()
        part = make()
        prefix = {"unet": UNET if architecture == "sdxl" else "", "text_encoder": "", "text_encoder_2": PREFIX}[component]
        names = {key: rename(key, part, False) for key in part.state_dict() if "position_ids" not in key}
        if component == "unet":
            names = {key: old.removeprefix(UNET) for key, old in zip(part.state_dict(), ldm_unet(part), strict=True)}
        file = {prefix + old: part.state_dict()[key] for key, old in names.items()}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.gguf"
            read = write(path, file, architecture)
            (OUT / f"{name}.gguf.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            part.load_state_dict({key: read[prefix + old] for key, old in names.items()}, strict=False)
            pipe.register_modules(**{component: part})
            image = paint(pipe, run)
            if prefix == UNET:
                pipe.register_modules(unet=by_diffusers(path, part))
                ours, image = image, paint(pipe, run)
                print(name, "by ggml's weights and by diffusers' reader:", int(np.abs(ours.astype(int) - image.astype(int)).max()), "of 255")
        (OUT / f"{name}.rgb").write_bytes(image.tobytes())
        runs.append({**run, "name": name, "base": base})
        print(name, image.shape, (OUT / f"{name}.gguf.gz").stat().st_size, "bytes packed")
    versions = {**VERSIONS, "command": "python golden/gguf_parts.py", "gguf": "0.19.0"}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": runs}, indent=1) + "\n")


if __name__ == "__main__":
    with torch.no_grad():
        main()
