"""Trains the autoencoder: pictures [B, 3, 128, 128] in [-1, 1] ↔ latents [B, 4, 16, 16].

`python vae.py DIR --minutes 15` resumes DIR/vae-tiny.pt when it is there. `--decoder` trains on the decoder alone of
DIR/vae-fixed.pt, whose latents must not change any more (latents.py). AutoencoderKL (`--arch kl`) was tried for its
price: after two minutes on two cores 17.1 dB where AutoencoderTiny had 19.1 and, without its full-resolution blocks, 22.0.
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, AutoencoderTiny

import emoji

CROP = 64
BATCH = 16


def build(arch: str) -> torch.nn.Module:
    if arch == "tiny":
        # No residual block at full resolution: that one level would cost as much as all the others together.
        blocks = dict(num_encoder_blocks=(0, 1, 3, 3), num_decoder_blocks=(3, 3, 1, 0))
        return AutoencoderTiny(encoder_block_out_channels=(48,) * 4, decoder_block_out_channels=(48,) * 4, **blocks)
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(32, 48, 96, 128), layers_per_block=1, norm_num_groups=8, latent_channels=4,
        mid_block_add_attention=False, sample_size=emoji.SIZE,
    )


def encode(vae: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Latents as training sees them: the mean, or AutoencoderTiny's one answer."""
    return vae.encoder(x) if isinstance(vae, AutoencoderTiny) else vae.encode(x).latent_dist.mean


def decode(vae: torch.nn.Module, z: torch.Tensor) -> torch.Tensor:
    return vae.decode(z).sample


def gradients(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """L1 between horizontal and vertical differences: what keeps outlines sharp."""
    return F.l1_loss(a.diff(dim=2), b.diff(dim=2)) + F.l1_loss(a.diff(dim=3), b.diff(dim=3))


def crops(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """BATCH random crops [B, 3, CROP, CROP]: convolutions need no more, at a quarter of the price."""
    out = []
    for i in torch.randint(len(pictures), (BATCH,), generator=generator).tolist():
        top, left = torch.randint(emoji.SIZE - CROP + 1, (2,), generator=generator).tolist()
        out.append(pictures[i, :, top : top + CROP, left : left + CROP])
    return torch.stack(out).float().div(127.5).sub(1)


@torch.no_grad()
def psnr(vae: torch.nn.Module, pictures: torch.Tensor) -> float:
    x = pictures.float().div(127.5).sub(1)
    y = decode(vae, encode(vae, x)).clamp(-1, 1)
    return float(10 * torch.log10(4 / F.mse_loss(x, y)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--arch", choices=["tiny", "kl"], default="tiny")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--decoder", action="store_true", help="freeze the encoder")
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    pictures = torch.from_numpy(emoji.load(args.folder)[0]).permute(0, 3, 1, 2)
    held = pictures[:: len(pictures) // 32][:32].to(device)
    vae = build(args.arch).to(device, memory_format=torch.channels_last)
    path, steps, saved = args.folder / f"vae-{'fixed' if args.decoder else args.arch}.pt", 0, {}
    if path.exists():
        saved = torch.load(path, map_location=device)
        vae.load_state_dict(saved["vae"])
        steps = saved.get("steps", 0)
    optimizer = torch.optim.AdamW((vae.decoder if args.decoder else vae).parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    if "optimizer" in saved:
        optimizer.load_state_dict(saved["optimizer"])

    def save() -> None:
        torch.save({**saved, "vae": vae.state_dict(), "optimizer": optimizer.state_dict(), "steps": steps}, path)

    generator = torch.Generator().manual_seed(steps)

    start = last = time.time()
    while (spent := (time.time() - start) / 60 / args.minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = args.lr * min(1, (steps + 1) / 100) * (1 - spent) + 1e-6
        x = crops(pictures, generator).to(device, memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16):
            if args.arch == "tiny":
                with torch.set_grad_enabled(not args.decoder):
                    z, kl = vae.encoder(x), 0
            else:
                latents = vae.encode(x).latent_dist
                z, kl = latents.sample(), latents.kl().mean() / x[0].numel()
            y = decode(vae, z + 0.03 * torch.randn_like(z))
        y, z = y.float(), z.float()
        loss = F.l1_loss(y, x) + F.mse_loss(y, x) + 0.5 * gradients(y, x) + 0.002 * z.square().mean() + 2e-5 * kl
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1)
        optimizer.step()
        steps += 1
        if time.time() - last > 30:
            last = time.time()
            print(f"{args.arch} {spent * args.minutes:5.1f} min  step {steps}  loss {loss:.4f}  z std {z.std():.2f}  PSNR {psnr(vae, held):.2f} dB", flush=True)
            save()
    save()
    print(f"{args.arch} done: step {steps}, PSNR {psnr(vae, held):.2f} dB")


if __name__ == "__main__":
    main()
