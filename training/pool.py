"""Paints scenes and encodes them once: `python pool.py DIR --scenes 40000 --seed 1` writes DIR/pool-1.pt.

A pool holds latents float16 [N, 4, 16, 16] of unit variance and token ids int16 [N, CAPTIONS, LENGTH], several captions of
each scene. diffusion.py trains on all pools in DIR, and takes up new ones as they come.
"""

import argparse
import random
import time
from pathlib import Path

import torch

import emoji
import latents
import scenes
import tokenizer as bpe
import vae as autoencoder

CAPTIONS = 6
BATCH = 512


def make(folder: Path, count: int, seed: int, device: str) -> None:
    sprites, things = emoji.load(folder)
    painter, words, rng = scenes.Painter(sprites, device), bpe.load(folder), random.Random(seed)
    vae = autoencoder.build().to(device, memory_format=torch.channels_last)
    vae.load_state_dict(torch.load(folder / "vae-fixed.pt", map_location=device)["vae"])
    encoded, ids, start = [], [], time.time()
    for first in range(0, count, BATCH):
        batch = [scenes.sample(things, rng) for _ in range(min(BATCH, count - first))]
        encoded.append((latents.encode(vae, painter.paint(batch)) / latents.SPREAD).half().cpu())
        said = [scenes.caption(scene, things, rng) for scene in batch for _ in range(CAPTIONS)]
        ids.append(torch.tensor([e.ids for e in words.encode_batch(said)], dtype=torch.int16).view(len(batch), CAPTIONS, -1))
    path = folder / f"pool-{seed}.pt"
    torch.save({"latents": torch.cat(encoded), "ids": torch.cat(ids)}, path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)
    print(f"{count} scenes in {time.time() - start:.0f} s → {path}")


def load(paths: list[Path], device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents and ids of several pools, joined."""
    pools = [torch.load(path) for path in paths]
    return tuple(torch.cat([pool[key] for pool in pools]).to(device) for key in ("latents", "ids"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", type=int, default=40000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    make(args.folder, args.scenes, args.seed, "cuda" if torch.cuda.is_available() else "cpu")
