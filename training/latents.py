"""Fixes the autoencoder's latent space and encodes the training set into it, once.

`python latents.py DIR` reads DIR/vae-tiny.pt and writes DIR/vae-fixed.pt (latents of zero mean and standard deviation
SPREAD in every channel: the affine map is folded into the weights) and DIR/latents.pt. The decoder may be trained on
afterwards (`vae.py --decoder`), the encoder may not: the diffusion model has learned its latents.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import emoji
import vae as autoencoder

# Half a unit keeps AutoencoderTiny's tanh(z / 3) · 3 near its straight part; scaling_factor = 1 / SPREAD makes it one.
SPREAD = 0.5
VARIANTS = 4


@torch.no_grad()
def encode_all(vae: torch.nn.Module, pictures: torch.Tensor) -> torch.Tensor:
    """uint8 [N, 3, S, S] → float32 [N, 4, S/8, S/8]."""
    batches = pictures.split(64)
    return torch.cat([autoencoder.encode(vae, batch.float().div(127.5).sub(1)).cpu() for batch in batches])


def fold(vae: torch.nn.Module, mean: torch.Tensor, std: torch.Tensor) -> None:
    """Encoder's last and decoder's first convolution take over z → (z − mean) / std · SPREAD and back."""
    last = vae.encoder.layers[-1]
    first = vae.decoder.layers[0]
    scale = SPREAD / std
    with torch.no_grad():
        last.bias.copy_((last.bias - mean) * scale)
        last.weight.mul_(scale[:, None, None, None])
        first.bias.add_((first.weight * mean[None, :, None, None]).sum(dim=(1, 2, 3)))
        first.weight.div_(scale[None, :, None, None])


def moved(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Each picture (uint8 [N, 3, S, S]) up to a fifth smaller and shifted, over white."""
    n = len(pictures)
    zoom = 1 / (0.8 + 0.2 * torch.rand(n, generator=generator))
    shift = (torch.rand(n, 2, generator=generator) * 2 - 1) * (zoom - 0.95)[:, None]
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = theta[:, 1, 1] = zoom
    theta[:, :, 2] = shift
    grid = F.affine_grid(theta, list(pictures.shape), align_corners=False)
    ink = F.grid_sample(255 - pictures.float(), grid, align_corners=False)  # outside is no ink: white
    return (255 - ink).round().clamp(0, 255).to(torch.uint8)


def encode_variants(vae: torch.nn.Module, pictures: torch.Tensor) -> torch.Tensor:
    """[VARIANTS, N, 4, S/8, S/8]: the pictures as they are, then moved."""
    generator = torch.Generator().manual_seed(0)
    variants = [pictures, *(moved(pictures, generator) for _ in range(VARIANTS - 1))]
    return torch.stack([encode_all(vae, v) for v in variants])


def rgb_factors(latents: torch.Tensor, pictures: torch.Tensor) -> torch.Tensor:
    """Least squares [5, 3] from four (unit-variance) latent channels and one to RGB in [-1, 1]."""
    small = F.avg_pool2d(pictures.float().div(127.5).sub(1), 8).permute(0, 2, 3, 1).reshape(-1, 3)
    flat = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1]) / SPREAD
    return torch.linalg.lstsq(torch.cat([flat, torch.ones(len(flat), 1)], 1), small).solution


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pictures = torch.from_numpy(np.ascontiguousarray(emoji.load(folder)[0].transpose(0, 3, 1, 2)))
    vae = autoencoder.build("tiny")
    vae.load_state_dict(torch.load(folder / "vae-tiny.pt", map_location="cpu")["vae"])
    plain = encode_all(vae, pictures)
    fold(vae, plain.mean(dim=(0, 2, 3)), plain.std(dim=(0, 2, 3)))
    latents = encode_variants(vae, pictures)
    factors = rgb_factors(latents[0], pictures)
    torch.save({"vae": vae.state_dict(), "rgb_factors": factors}, folder / "vae-fixed.pt")
    torch.save(latents / SPREAD, folder / "latents.pt")
    print(f"latents {tuple(latents.shape)}, std {latents.std(dim=(0, 1, 3, 4)) / SPREAD}, largest {latents.abs().max() / SPREAD:.1f}")


if __name__ == "__main__":
    main()
