"""Goes on where a published Trinket stopped: `python restore.py ../public/models/trinket DIR`.

Writes DIR/tokenizer, vae-fixed.pt, latents.pt and diffusion.pt (without the optimizer's memory, which is not published)
from the repository's f16 weights; DIR/emoji.npz must be there (emoji.py). Then `diffusion.py DIR` trains on.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import diffusion
import emoji
import latents
import tokenizer as bpe
import vae as autoencoder


def tensors(folder: Path, name: str) -> dict[str, torch.Tensor]:
    (file,) = (folder / name).glob("*.safetensors")
    return {k: v.float() for k, v in load_file(file).items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("repository", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    shutil.copytree(args.repository / "tokenizer", args.folder / "tokenizer", dirs_exist_ok=True)

    config = json.loads((args.repository / "vae/config.json").read_text())
    factors = torch.tensor([*config["latent_rgb_factors"], config["latent_rgb_factors_bias"]])
    vae = autoencoder.build("tiny")
    vae.load_state_dict(tensors(args.repository, "vae"))
    torch.save({"vae": vae.state_dict(), "rgb_factors": factors}, args.folder / "vae-fixed.pt")
    pictures = torch.from_numpy(np.ascontiguousarray(emoji.load(args.folder)[0].transpose(0, 3, 1, 2)))
    torch.save(latents.encode_variants(vae, pictures) / latents.SPREAD, args.folder / "latents.pt")

    text, unet = diffusion.build(bpe.load(args.folder))
    words = {k.removeprefix("text_model."): v for k, v in tensors(args.repository, "text_encoder").items()}
    text.load_state_dict(words)
    unet.load_state_dict(tensors(args.repository, "unet"))
    average = diffusion.Average([text, unet]).shadow
    state = {"text": text.state_dict(), "unet": unet.state_dict(), "average": average, "steps": 0, "minutes": 0.0}
    torch.save(state, args.folder / "diffusion.pt")


if __name__ == "__main__":
    main()
