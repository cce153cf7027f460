"""The judge: names the things in a picture. Trained on scenes painted from the real emoji, held-out combinations too.

`python classifier.py DIR --minutes 8` resumes DIR/classifier-state.pt when it is there and writes DIR/classifier.pt: weights,
class names, and how well it names what is in real scenes that it has not seen.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import jobs

sys.path.append(str(Path(__file__).parents[1]))
import emoji
import scenes
from emoji import Thing
from scenes import Painter, Scene

POOL = 8192  # scenes at hand; a batch of them is painted again every EVERY steps
EVERY = 8
BATCH = 128
RATE = 2e-3
TOP = 5


def build(classes: int) -> nn.Sequential:
    """[N, 3, 64, 64] in [-1, 1] → logits [N, classes]; without its last layer: features [N, 320]."""

    def convolved(a: int, b: int, stride: int = 1) -> list[nn.Module]:
        return [nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]

    return nn.Sequential(
        nn.Conv2d(3, 64, 4, 2, 1),
        nn.ReLU(inplace=True),
        *convolved(64, 64, 2),
        *convolved(64, 64),
        *convolved(64, 128, 2),
        *convolved(128, 128),
        *convolved(128, 320, 2),
        *convolved(320, 320),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(320, classes),
    )


def halved(pictures: torch.Tensor) -> torch.Tensor:
    """uint8 [N, 3, 128, 128] → float32 [N, 3, 64, 64] in 0…1."""
    return F.avg_pool2d(pictures.float() / 255, 2)


def augmented(x: torch.Tensor) -> torch.Tensor:
    """Batches of `halved`, each picture mirrored or not, moved, turned, in other light, blurred and noisy."""
    n = len(x)
    between = lambda low, high, *shape: torch.rand(n, *shape, device=x.device) * (high - low) + low
    angle, scale = between(-0.2, 0.2) * (between(0, 1) < 0.5), between(0.87, 1.12)
    cos, sin = angle.cos() * scale, angle.sin() * scale
    mirrored = torch.where(between(0, 1) < 0.5, -1, 1)
    theta = torch.stack(
        [
            torch.stack([cos * mirrored, sin, between(-0.07, 0.07)], 1),
            torch.stack([-sin * mirrored, cos, between(-0.07, 0.07)], 1),
        ],
        1,
    )
    x = F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), padding_mode="border", align_corners=False)
    x = x.lerp(F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), between(-0.3, 1, 1, 1, 1))
    x = x * between(0.9, 1.1, 3, 1, 1) + between(-0.06, 0.06, 1, 1, 1)
    return x + between(0, 0.05, 1, 1, 1) * torch.randn_like(x)


def targets(painted: list[Scene], things: list[Thing], classes: list[str]) -> torch.Tensor:
    """[N, classes]: all things of a scene in equal parts."""
    index = {name: i for i, name in enumerate(classes)}
    out = torch.zeros(len(painted), len(classes))
    for row, scene in zip(out, painted):
        seen = [index[name] for name in jobs.names(scene, things)]
        row[seen] = 1 / len(seen)
    return out


@torch.no_grad()
def judged(net: nn.Sequential, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and features of uint8 [N, 3, 128, 128]."""
    net.eval()
    device = next(net.parameters()).device
    features = torch.cat([net[:-1](halved(batch.to(device)) * 2 - 1) for batch in pictures.split(128)])
    return net[-1](features).cpu(), features.cpu()


def top(logits: torch.Tensor, classes: list[str]) -> list[list[str]]:
    """The TOP likeliest names of each row."""
    return [[classes[i] for i in row] for row in logits.topk(TOP).indices.tolist()]


def real_accuracies(net: nn.Sequential, painter: Painter, things: list[Thing], classes: list[str]) -> dict[str, tuple[int, int]]:
    """Of real scenes, how many have all their names in the top 5: (right, of)."""
    rng = random.Random(99)
    drawn = [scenes.sample_once(things, rng) for _ in range(4000)]
    sets = {
        "every thing alone": [jobs.alone(i) for i in range(len(things))],
        "one thing, as training draws it": [scene for scene in drawn if scene.layout == "alone"][:1000],
        "held-out pairs": [jobs.pair(things, rng, rng.choice(("beside", "above")), True) for _ in range(500)],
        "three things": [scene for scene in drawn if scene.layout == "three"],
    }
    found = {}
    for kind, asked in sets.items():
        seen = top(
            judged(net, torch.cat([painter.paint(asked[i : i + 100]).cpu() for i in range(0, len(asked), 100)]))[0], classes
        )
        found[kind] = (sum(set(jobs.names(scene, things)) <= set(names) for scene, names in zip(asked, seen)), len(asked))
    return found


def load(folder: Path) -> tuple[nn.Sequential, list[str], dict[str, tuple[int, int]]]:
    """The net, its classes, its accuracies on real scenes."""
    saved = torch.load(folder / "classifier.pt", map_location="cpu")
    net = build(len(saved["classes"]))
    net.load_state_dict(saved["net"])
    return net, saved["classes"], saved["accuracies"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=8, help="of all cores in all, resumed ones counted in")
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    sprites, things = emoji.load(args.folder)
    classes = sorted({thing.name for thing in things})
    net = build(len(classes)).to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    path, steps, minutes = args.folder / "classifier-state.pt", 0, 0.0
    if path.exists():
        saved = torch.load(path, map_location=device)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        steps, minutes = saved["steps"], saved["minutes"]
    painter, rng = Painter(sprites, device), random.Random(steps)
    torch.manual_seed(steps)

    def painted() -> tuple[torch.Tensor, torch.Tensor]:
        drawn = [scenes.sample_once(things, rng) for _ in range(BATCH)]
        return (halved(painter.paint(drawn)) * 255).round().to(torch.uint8), targets(drawn, things, classes).half().to(device)

    # What other work takes of the cores does not count: the judge must be as good on a busy machine.
    clock = time.time if device == "cuda" else lambda: time.process_time() / torch.get_num_threads()
    start, before, last, losses = clock(), minutes, time.time(), []
    pool, wanted = map(torch.cat, zip(*(painted() for _ in range(POOL // BATCH))))
    net.train()
    while minutes < args.minutes:
        if steps % EVERY == 0:
            slot = steps // EVERY % (POOL // BATCH) * BATCH
            pool[slot : slot + BATCH], wanted[slot : slot + BATCH] = painted()
        optimizer.param_groups[0]["lr"] = RATE * min(1, (steps + 1) / 200) * max(0.01, 1 - minutes / args.minutes)
        chosen = torch.randint(POOL, (BATCH,), device=device)
        with torch.autocast(device, torch.bfloat16):
            logits = net(augmented(pool[chosen].float() / 255) * 2 - 1)
        loss = F.cross_entropy(logits.float(), wanted[chosen].float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
        minutes = before + (clock() - start) / 60
        losses.append(loss.item())
        if time.time() - last > 30:
            last = time.time()
            torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "steps": steps, "minutes": minutes}, path)
            print(
                f"{minutes:5.1f} min  step {steps}  {steps * BATCH / 1000:.0f} k samples  loss {sum(losses) / len(losses):.3f}",
                flush=True,
            )
            losses = []
    accuracies = real_accuracies(net, painter, things, classes)
    torch.save({"net": net.state_dict(), "classes": classes, "accuracies": accuracies}, args.folder / "classifier.pt")
    path.unlink(missing_ok=True)
    for kind, (right, of) in accuracies.items():
        print(f"{kind}: all in the top {TOP} in {right} of {of}, {100 * right / of:.1f} %")


if __name__ == "__main__":
    main()
