"""Writes the trained parts as a diffusers repository in f16, with the manifest the app checks its files against.

`python export.py DIR ../public/models/trinket`
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch
from diffusers import DDIMScheduler
from safetensors.torch import save_file

import diffusion
import latents
import sheet


def write(folder: Path, name: str, config: dict, tensors: dict[str, torch.Tensor], file: str) -> None:
    """One component: config.json and its f16 weights."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    save_file({k: v.half().contiguous() for k, v in tensors.items()}, folder / name / file, metadata={"format": "pt"})


def hub_config(model, class_name: str) -> dict:
    """The configuration as repositories on the Hub hold it: no private keys, the class's name in front."""
    config = model.config.to_dict() if hasattr(model.config, "to_dict") else dict(model.config)
    private = ("architectures", "dtype", "torch_dtype", "transformers_version")
    kept = {k: v for k, v in config.items() if not k.startswith("_") and k not in private}
    if class_name == "CLIPTextModel":
        return {"architectures": [class_name], **kept}
    return {"_class_name": class_name, "_diffusers_version": "0.35.2", **kept}


def manifest(folder: Path) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    rows = [
        {"path": p.relative_to(folder).as_posix(), "size": p.stat().st_size, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
        for p in files
    ]
    (folder / "manifest.json").write_text(json.dumps({"files": rows}, indent=2) + "\n")
    print(f"{len(rows)} files, {sum(row['size'] for row in rows) / 1e6:.1f} MB → {folder}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    text, unet, vae, _ = sheet.load(args.folder)
    factors = torch.load(args.folder / "vae-fixed.pt", map_location="cpu")["rgb_factors"]
    shutil.rmtree(args.out, ignore_errors=True)

    # transformers 5 dropped the prefix that every file on the Hub has.
    words = {f"text_model.{k.removeprefix('text_model.')}": v for k, v in text.state_dict().items() if "position_ids" not in k}
    write(args.out, "text_encoder", hub_config(text, "CLIPTextModel"), words, "model.safetensors")
    write(args.out, "unet", hub_config(unet, "UNet2DConditionModel"), unet.state_dict(), "diffusion_pytorch_model.safetensors")
    preview = {"latent_rgb_factors": factors[:-1].tolist(), "latent_rgb_factors_bias": factors[-1].tolist()}
    config = {**hub_config(vae, "AutoencoderTiny"), **preview, "scaling_factor": 1 / latents.SPREAD}
    write(args.out, "vae", config, vae.state_dict(), "diffusion_pytorch_model.safetensors")
    DDIMScheduler(**diffusion.SCHEDULER).save_pretrained(args.out / "scheduler")
    shutil.copytree(args.folder / "tokenizer", args.out / "tokenizer")
    index = {
        "_class_name": "StableDiffusionPipeline",
        "_diffusers_version": "0.35.2",
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderTiny"],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "safety_checker": [None, None],
        "feature_extractor": [None, None],
    }
    (args.out / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    manifest(args.out)


if __name__ == "__main__":
    main()
