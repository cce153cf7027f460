"""Trains Trinket's text encoder and UNet together on the pools of scenes (pool.py).

v-prediction, betas rescaled to zero terminal SNR (Lin et al. 2023), 10 % empty captions, Muon, a moving average of the
weights. `python diffusion.py DIR --minutes 90` resumes DIR/diffusion.pt when it is there.
"""

import argparse
import contextlib
import time
from pathlib import Path

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import CLIPTextConfig, CLIPTextModel

import pool
import tokenizer as bpe
from muon import Muon

WIDTH = 192  # of the text encoder
SCHEDULER = dict(
    num_train_timesteps=1000,
    beta_start=0.00085,
    beta_end=0.012,
    beta_schedule="scaled_linear",
    prediction_type="v_prediction",
    rescale_betas_zero_snr=True,
    timestep_spacing="trailing",
    clip_sample=False,
    set_alpha_to_one=True,
    steps_offset=0,
)


def build(words: bpe.Tokenizer) -> tuple[CLIPTextModel, UNet2DConditionModel]:
    begin, end = words.token_to_id(bpe.BEGIN), words.token_to_id(bpe.END)
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=words.get_vocab_size(),
            hidden_size=WIDTH,
            intermediate_size=3 * WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            max_position_embeddings=bpe.LENGTH,
            hidden_act="quick_gelu",
            projection_dim=WIDTH,
            bos_token_id=begin,
            eos_token_id=end,
            pad_token_id=end,
        )
    )
    unet = UNet2DConditionModel(
        sample_size=16,
        in_channels=4,
        out_channels=4,
        block_out_channels=(64, 128, 160),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=32,
        # The pooled text reaches every block, also those too large for cross-attention.
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
        resnet_time_scale_shift="scale_shift",
    )
    # CLIP starts its embeddings at 0.02, for a width of 512 and 400 M pictures; here they must speak up sooner.
    torch.nn.init.normal_(text.get_input_embeddings().weight, std=0.1)
    return text, unet


def build_optimizers(text: CLIPTextModel, unet: UNet2DConditionModel) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside, AdamW for what touches words or pixels and for vectors."""
    ends = [text.get_input_embeddings(), unet.conv_in, unet.conv_out]
    outside = {id(p) for module in ends for p in module.parameters()}
    parameters = [*text.parameters(), *unet.parameters()]
    inside = [p for p in parameters if p.ndim > 1 and id(p) not in outside]
    chosen = {id(p) for p in inside}
    rest = [p for p in parameters if id(p) not in chosen]
    return [Muon(inside, lr=0), torch.optim.AdamW(rest, lr=0, betas=(0.9, 0.99), weight_decay=0.01)]


class Average:
    """Exponential moving average of the parameters of several modules."""

    def __init__(self, modules):
        self.parameters = [p for m in modules for p in m.parameters()]
        self.shadow = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        keep = min(0.999, (1 + step) / (20 + step))
        torch._foreach_lerp_(self.shadow, self.parameters, 1 - keep)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange averages and parameters; called again, back."""
        for p, s in zip(self.parameters, self.shadow):
            p_copy = p.clone()
            p.copy_(s)
            s.copy_(p_copy)


@contextlib.contextmanager
def precision(device: str):
    """bfloat16, and on a CPU the attention whose backward pass is quicker there."""
    with torch.autocast(device, torch.bfloat16), sdpa_kernel(SDPBackend.MATH) if device == "cpu" else contextlib.nullcontext():
        yield


def timesteps(batch: int, device: str) -> torch.Tensor:
    """Every second one the larger of two draws: what a picture shows is decided where the noise is strong, and takes long
    to learn."""
    draws = torch.randint(1000, (2, batch), device=device)
    return torch.where(torch.rand(batch, device=device) < 0.5, draws[0], draws.amax(0))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=90, help="of training in all, resumed ones counted in")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    words = bpe.load(args.folder)
    empty = torch.tensor(words.encode("").ids, device=device)
    torch.manual_seed(0)
    text, unet = (m.to(device) for m in build(words))
    parameters = [*text.parameters(), *unet.parameters()]
    optimizers = build_optimizers(text, unet)
    average, path, steps, minutes = Average([text, unet]), args.folder / "diffusion.pt", 0, 0.0
    if path.exists():
        saved = torch.load(path, map_location=device)
        text.load_state_dict(saved["text"])
        unet.load_state_dict(saved["unet"])
        for optimizer, state in zip(optimizers, saved.get("optimizers", [])):
            optimizer.load_state_dict(state)
        average.shadow = [s.to(device) for s in saved["average"]]
        steps, minutes = saved["steps"], saved["minutes"]
    alphas = DDIMScheduler(**SCHEDULER).alphas_cumprod.to(device)
    torch.manual_seed(steps + 1)
    predict = torch.compile(unet)

    def save() -> None:
        state = {
            "text": text.state_dict(),
            "unet": unet.state_dict(),
            "optimizers": [o.state_dict() for o in optimizers],
            "average": average.shadow,
        }
        torch.save({**state, "steps": steps, "minutes": minutes}, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    paths, bands = [], [[] for _ in range(4)]
    start, before, last = time.time(), minutes, time.time()
    while minutes < args.minutes:
        if (not paths or steps % 100 == 0) and paths != (paths := sorted(args.folder.glob("pool-*.pt"))):
            latents, ids = pool.load(paths, device)
        rate = args.lr * min(1, (steps + 1) / 200) * max(0.02, 1 - minutes / args.minutes)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        chosen = torch.randint(len(latents), (args.batch,), device=device)
        x0 = latents[chosen].float()
        said = ids[chosen, torch.randint(ids.shape[1], (args.batch,), device=device)].long()
        said = torch.where(torch.rand(args.batch, 1, device=device) < 0.1, empty, said)
        t = timesteps(args.batch, device)
        a = alphas[t][:, None, None, None]
        noise = torch.randn_like(x0)
        with precision(device):
            predicted = predict(a.sqrt() * x0 + (1 - a).sqrt() * noise, t, text(said).last_hidden_state).sample
            errors = (predicted.float() - (a.sqrt() * noise - (1 - a).sqrt() * x0)).square().mean(dim=(1, 2, 3))
            errors.mean().backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        average.update(steps)
        steps += 1
        minutes = before + (time.time() - start) / 60
        for band in range(4):
            bands[band].append(errors.detach()[t // 250 == band].mean())
        if time.time() - last > 60:
            last = time.time()
            save()
            losses = "  ".join(f"{torch.stack(band).nanmean():.4f}" for band in bands)
            print(
                f"{minutes:6.1f} min  step {steps}  {steps * args.batch / 1000:.0f} k samples  loss {losses}  lr {rate:.1e}  {len(latents)} scenes",
                flush=True,
            )
            bands = [[] for _ in range(4)]
    save()
    print(f"done: {steps} steps")


if __name__ == "__main__":
    main()
