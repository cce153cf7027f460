"""Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon): momentum whose update is made orthogonal."""

import torch


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """[B, R, C] → nearly the nearest semi-orthogonal matrices, by five Newton-Schulz steps in bfloat16."""
    x = matrices.bfloat16()
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (2.0315 * a @ a - 4.7750 * a) @ x
    return (x.mT if tall else x).float()


class Muon(torch.optim.Optimizer):
    """For weights of two and more dimensions (a convolution is a matrix of its rows); steps have AdamW's usual size."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.01):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            by_shape: dict[tuple[int, int], list[torch.Tensor]] = {}
            for p in group["params"]:
                by_shape.setdefault((p.shape[0], p[0].numel()), []).append(p)
            for shape, parameters in by_shape.items():
                updates = orthogonal(torch.stack([self.momentum(p, group["momentum"]).reshape(shape) for p in parameters]))
                for p, update in zip(parameters, updates * 0.2 * max(shape) ** 0.5):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(update.view(p.shape), alpha=group["lr"])

    def momentum(self, p: torch.Tensor, keep: float) -> torch.Tensor:
        """Nesterov's: the running mean of the gradients, looked at one step ahead."""
        gradient, state = p.grad.contiguous(), self.state[p]
        mean = state.setdefault("mean", torch.zeros_like(gradient))
        mean.lerp_(gradient, 1 - keep)
        return gradient.lerp(mean, keep)
