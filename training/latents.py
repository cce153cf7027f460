"""Fixes the autoencoder's latent space: `python latents.py DIR` reads DIR/vae.pt and writes DIR/vae-fixed.pt.

Latents then have zero mean and the standard deviation SPREAD in every channel: the affine map is folded into the weights.
The decoder may be trained on afterwards (decoder.py), the encoder may not: the diffusion model learns its latents.
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny

import vae as autoencoder

# Half a unit keeps AutoencoderTiny's tanh(z / 3) · 3 near its straight part; scaling_factor = 1 / SPREAD makes it one.
SPREAD = 0.5


@torch.no_grad()
def encode(vae: AutoencoderTiny, pictures: torch.Tensor) -> torch.Tensor:
    """uint8 [N, 3, S, S] → float32 [N, 4, S/8, S/8]."""
    with torch.autocast(pictures.device.type, torch.bfloat16):
        batches = (b.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last) for b in pictures.split(64))
        return torch.cat([vae.encoder(batch).float().contiguous() for batch in batches])


def fold(vae: AutoencoderTiny, mean: torch.Tensor, std: torch.Tensor) -> None:
    """Encoder's last and decoder's first convolution take over z → (z − mean) / std · SPREAD and back."""
    last = vae.encoder.layers[-1]
    first = vae.decoder.layers[0]
    scale = SPREAD / std
    with torch.no_grad():
        last.bias.copy_((last.bias - mean) * scale)
        last.weight.mul_(scale[:, None, None, None])
        first.bias.add_((first.weight * mean[None, :, None, None]).sum(dim=(1, 2, 3)))
        first.weight.div_(scale[None, :, None, None])


def rgb_factors(latents: torch.Tensor, pictures: torch.Tensor) -> torch.Tensor:
    """Least squares [5, 3] from four (unit-variance) latent channels and one to RGB in [-1, 1]."""
    small = F.avg_pool2d(pictures.float().div(127.5).sub(1), 8).permute(0, 2, 3, 1).reshape(-1, 3)
    flat = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1]) / SPREAD
    return torch.linalg.lstsq(torch.cat([flat, torch.ones(len(flat), 1)], 1), small).solution


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pictures = autoencoder.painted(folder, 2000, 7)
    vae = autoencoder.build().to(memory_format=torch.channels_last)
    vae.load_state_dict(torch.load(folder / "vae.pt", map_location="cpu")["vae"])
    plain = encode(vae, pictures)
    fold(vae, plain.mean(dim=(0, 2, 3)), plain.std(dim=(0, 2, 3)))
    latents = encode(vae, pictures)
    torch.save({"vae": vae.state_dict(), "rgb_factors": rgb_factors(latents, pictures)}, folder / "vae-fixed.pt")
    print(
        f"std {latents.std(dim=(0, 2, 3)) / SPREAD}, largest {latents.abs().max() / SPREAD:.1f}, PSNR {autoencoder.psnr(vae, pictures[:200]):.2f} dB"
    )


if __name__ == "__main__":
    main()
