"""The models of golden/single_file_pictures.py as GGUF files, and pictures by diffusers with the weights that ggml's own Python
reads from them: `python golden/gguf_pictures.py`, with gguf 0.19.0.

Writes src/pipeline/golden/gguf/: {name}.gguf.gz, {name}.rgb and runs.json. sd1 has the names that it has as .safetensors, and one
tensor reshaped to rows of 256 as ComfyUI-GGUF's tools/convert.py does; sdxl has those of stable-diffusion.cpp's conversion
(src/name_conversion.cpp). Matrices are in one of the five types that gguf can quantise to, by turns; the rest is float16 or float32.
"""

import gzip
import json
import re
import tempfile
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf.constants import GGMLQuantizationType as Type

from models import ROOT, rename
from single_file import VERSIONS, converted
from single_file_pictures import MODELS, RUNS

OUT = ROOT / "src/pipeline/golden/gguf"
TYPES = [Type.Q8_0, Type.Q4_0, Type.Q5_0, Type.Q4_1, Type.Q5_1]


def cpp_name(key: str) -> str:
    """As stable-diffusion.cpp names the text encoders of SDXL."""
    key = re.sub(r"^conditioner\.embedders\.0\.", "cond_stage_model.", key)
    if not key.startswith("conditioner.embedders.1.model."):
        return key
    key = key.removeprefix("conditioner.embedders.1.model.")
    if key.startswith("transformer.resblocks."):
        names = {"transformer.resblocks": "encoder.layers", "ln_": "layer_norm", "mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2"}
        names |= {"attn.in_proj_": "self_attn.in_proj.", "attn.out_proj": "self_attn.out_proj"}
        for old, new in names.items():
            key = key.replace(old, new)
    outside = {"positional_embedding": "embeddings.position_embedding.weight", "ln_final": "final_layer_norm"}
    for old, new in {**outside, "token_embedding": "embeddings.token_embedding"}.items():
        key = re.sub(f"^{re.escape(old)}", new, key)
    return f"cond_stage_model.1.transformer.text_model.{key}"


def packed(key: str, value: torch.Tensor, turn: int) -> tuple[np.ndarray, Type]:
    """A tensor's bytes, [..., bytes of a row], and their type."""
    array = value.detach().float().numpy()
    is_matrix = array.ndim == 2 and array.shape[-1] % 32 == 0 and "embedding" not in key
    kind = TYPES[turn % len(TYPES)] if is_matrix else Type.F32 if array.ndim < 2 else Type.F16
    return gguf.quantize(array, kind), kind


def write(path: Path, file: dict[str, torch.Tensor], is_cpp: bool) -> dict[str, torch.Tensor]:
    """Writes the file; returns the weights that are in it."""
    writer = gguf.GGUFWriter(path, "" if is_cpp else "sd1")
    read, turn = {}, 0
    for key, value in file.items():
        if not value.is_floating_point() or value.numel() == 0 or key == "logit_scale" or value.ndim == 0:
            read[key] = value
            continue
        name = cpp_name(key) if is_cpp else key
        data, kind = packed(key, value, turn)
        turn += data.ndim == 2 and kind not in (Type.F16, Type.F32)
        shape = tuple(value.shape)
        read[key] = torch.from_numpy(gguf.dequantize(data, kind).reshape(shape).copy())
        if not is_cpp and key.endswith("input_blocks.1.0.in_layers.2.weight"):
            data, kind = gguf.quantize(value.detach().float().numpy().reshape(-1, 256), Type.Q8_0), Type.Q8_0
            read[key] = torch.from_numpy(gguf.dequantize(data, kind).reshape(shape).copy())
            writer.add_array(f"comfy.gguf.orig_shape.{name}", list(shape))
        writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return read


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for run in RUNS:
        file, pipe = MODELS[run["name"]]()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.gguf"
            read = write(path, file, is_cpp=run["name"] == "sdxl")
            (OUT / f"{run['name']}.gguf.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        parts = {"unet": pipe.unet, "vae": pipe.vae, "text_encoder": pipe.text_encoder}
        if run["name"] == "sdxl":
            parts["text_encoder_2"] = pipe.text_encoder_2
        for name, tensors in converted(dict(read), parts).items():
            part = parts[name]
            keys = [key for key in part.state_dict() if "position_ids" not in key]
            stored = {key: rename(key, part, False) if name.startswith("text") else key for key in keys}
            assert {*stored.values()} == {key for key in tensors if "position_ids" not in key}, name
            part.load_state_dict({key: tensors[stored[key]].reshape(part.state_dict()[key].shape) for key in keys}, strict=False)
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
        (OUT / f"{run['name']}.rgb").write_bytes(image.convert("RGB").tobytes())
        print(run["name"], image.size, (OUT / f"{run['name']}.gguf.gz").stat().st_size, "bytes packed")
    versions = {**VERSIONS, "command": "python golden/gguf_pictures.py", "gguf": "0.19.0"}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
