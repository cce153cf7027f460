"""Every step of diffusers' schedulers over a grid of configurations: `python golden/schedulers.py` from the project's root.

Writes src/schedulers/golden/*.json: config, timesteps, sigmas, and the sample after every step, for the model functions
of diffusers' own tests (sample * t / (t + 1)) and for sin(sample + t / 100). A run with a strength begins as
StableDiffusionImg2ImgPipeline does, from a noised picture in the middle of the schedule. Beside the grid, each class has
runs with configurations drawn at random from what it has. And timesteps.json: for every number of steps up to 150 the sum of
k * timestep over the k-th of them, k from 1.
"""

import contextlib
import inspect
import json
import random
import warnings
from pathlib import Path

import diffusers
import torch

# torch 2.15's float32 square root is one unit off in the last place for one value in five, on this processor and that;
# where a step subtracts nearly equal numbers that becomes 1e-5 and more. IEEE's root, as other builds of torch have it:
power = torch.Tensor.__pow__
torch.sqrt = torch.Tensor.sqrt = lambda x: power(x.double(), 0.5).to(x.dtype)
torch.Tensor.__pow__ = lambda x, y: torch.sqrt(x) if y == 0.5 else power(x, y)

warnings.filterwarnings("ignore")
diffusers.utils.logging.set_verbosity_error()
OUT = Path(__file__).resolve().parent.parent / "src/schedulers/golden"
SD1 = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
TRINKET = dict(
    SD1,
    prediction_type="v_prediction",
    rescale_betas_zero_snr=True,
    timestep_spacing="trailing",
    clip_sample=False,
    set_alpha_to_one=True,
    skip_prk_steps=True,
)
LEGACY = dict(SD1, steps_offset=1, set_alpha_to_one=False, clip_sample=False, skip_prk_steps=True)
LINEAR = dict(num_train_timesteps=1000, beta_start=0.0001, beta_end=0.02, beta_schedule="linear", skip_prk_steps=True)
COSINE = dict(num_train_timesteps=1000, beta_schedule="squaredcos_cap_v2", skip_prk_steps=True, clip_sample=False)
SPACINGS = [dict(LEGACY, timestep_spacing=s) for s in ("linspace", "leading", "trailing")]
V = dict(LEGACY, prediction_type="v_prediction")
SAMPLE = dict(LEGACY, prediction_type="sample")
COMMON = [LEGACY, LINEAR, COSINE, *SPACINGS, V, TRINKET]
CURVES = [dict(LEGACY, use_karras_sigmas=True), dict(V, use_exponential_sigmas=True), dict(LEGACY, use_beta_sigmas=True)]
# Keys that only Euler and UniPC list; from_config keeps them for all, and the curves read them.
ENDS = [
    dict(LEGACY, use_karras_sigmas=True, sigma_min=0.1, sigma_max=9.5),
    dict(V, use_exponential_sigmas=True, sigma_min=0.002),
    dict(LEGACY, use_beta_sigmas=True, sigma_max=20.0),
]
THRESHOLDS = [dict(LEGACY, thresholding=True), dict(V, thresholding=True, sample_max_value=1.6, dynamic_thresholding_ratio=0.7)]
CLIPPED = dict(LEGACY, clip_sample=True, clip_sample_range=0.9)
MIN = dict(final_sigmas_type="sigma_min")
PLAYGROUND = dict(sigma_min=0.002, sigma_max=80.0, sigma_data=0.5, rho=7.0, sigma_schedule="karras", prediction_type="epsilon")
COSXL = dict(sigma_min=0.002, sigma_max=120.0, sigma_data=1.0, sigma_schedule="exponential", prediction_type="v_prediction")
EDM = [
    PLAYGROUND,
    COSXL,
    {},
    dict(PLAYGROUND, prediction_type="v_prediction"),
    dict(COSXL, prediction_type="epsilon", sigma_max=14.6),
    dict(PLAYGROUND, rho=3.0, sigma_min=0.03, sigma_data=0.8),
    dict(PLAYGROUND, **MIN),
    dict(COSXL, **MIN),
]
SOLVER = [
    *COMMON,
    SAMPLE,
    *CURVES,
    *ENDS,
    *THRESHOLDS,
    dict(LEGACY, solver_order=1),
    dict(LEGACY, solver_order=3),
    dict(LEGACY, lower_order_final=False),
]
ALGORITHMS = [
    dict(LEGACY, algorithm_type=a, solver_type=s, solver_order=o, **MIN)
    for a in ("dpmsolver++", "dpmsolver", "sde-dpmsolver++")
    for s in ("midpoint", "heun")
    for o in (2, 3)
]
GRID = {
    "DDIMScheduler": [
        *COMMON,
        SAMPLE,
        CLIPPED,
        dict(LEGACY, set_alpha_to_one=True),
        dict(LEGACY, eta=1),
        dict(TRINKET, eta=0.4),
        *THRESHOLDS,
    ],
    "DDPMScheduler": [
        *COMMON,
        SAMPLE,
        CLIPPED,
        dict(LEGACY, variance_type="fixed_small_log"),
        dict(LEGACY, variance_type="fixed_large"),
        *THRESHOLDS,
    ],
    "DEISMultistepScheduler": SOLVER,
    "DPMSolverMultistepScheduler": [
        *SOLVER,
        *ALGORITHMS,
        dict(TRINKET, use_karras_sigmas=True),
        dict(COSINE, use_karras_sigmas=True),
        dict(LEGACY, **MIN),
        dict(LEGACY, solver_type="heun"),
        dict(LEGACY, euler_at_final=True),
        dict(LEGACY, algorithm_type="sde-dpmsolver", solver_type="midpoint", **MIN),
        dict(V, algorithm_type="sde-dpmsolver", solver_type="heun", **MIN),
        dict(LEGACY, algorithm_type="sde-dpmsolver++", use_karras_sigmas=True),
        dict(V, algorithm_type="dpmsolver", thresholding=True, **MIN),
        dict(SAMPLE, algorithm_type="dpmsolver", **MIN),
        dict(LEGACY, solver_order=3, lower_order_final=False, **MIN),
    ],
    "DPMSolverSinglestepScheduler": [
        *SOLVER,
        *ALGORITHMS,
        dict(LEGACY, lower_order_final=False, **MIN),
        dict(LEGACY, solver_order=3, lower_order_final=False, **MIN),
    ],
    "EDMDPMSolverMultistepScheduler": [
        *EDM,
        *(dict(c, algorithm_type="sde-dpmsolver++") for c in EDM),
        *(dict(PLAYGROUND, solver_order=o, solver_type=s) for o in (1, 2, 3) for s in ("midpoint", "heun")),
        dict(COSXL, solver_order=3, lower_order_final=False),
        dict(COSXL, euler_at_final=True, **MIN),
        dict(PLAYGROUND, thresholding=True),
        dict(COSXL, thresholding=True, sample_max_value=1.6, dynamic_thresholding_ratio=0.7),
        dict(PLAYGROUND, algorithm_type="sde-dpmsolver++", solver_type="heun"),
        PLAYGROUND,
    ],
    "EDMEulerScheduler": [*EDM, COSXL],
    "EulerAncestralDiscreteScheduler": COMMON,
    "EulerDiscreteScheduler": [
        *COMMON,
        SAMPLE,
        *CURVES,
        *ENDS,
        dict(TRINKET, use_karras_sigmas=True),
        dict(LEGACY, **MIN),
    ],
    "FlowMatchEulerDiscreteScheduler": [
        {},
        dict(shift=3.0),
        dict(shift=3.0, shift_terminal=0.1),
        dict(use_karras_sigmas=True),
        dict(use_exponential_sigmas=True),
        dict(use_beta_sigmas=True),
        dict(use_karras_sigmas=True, sigma_min=0.05, sigma_max=0.9),
    ],
    "HeunDiscreteScheduler": [*COMMON, SAMPLE, *CURVES, *ENDS, CLIPPED],
    # COSINE: diffusers gives nothing but NaN.
    "KDPM2AncestralDiscreteScheduler": [*(c for c in COMMON if c is not COSINE), *CURVES, *ENDS],
    "KDPM2DiscreteScheduler": [*COMMON, *CURVES, *ENDS],
    "LCMScheduler": [LEGACY, LINEAR, V, SAMPLE, CLIPPED, dict(TRINKET, original_inference_steps=40), *THRESHOLDS],
    "LMSDiscreteScheduler": [*COMMON, SAMPLE, *CURVES, *ENDS],
    "PNDMScheduler": [
        *COMMON,
        dict(LEGACY, set_alpha_to_one=True),
        dict(LEGACY, skip_prk_steps=False),
        dict(V, skip_prk_steps=False),
        dict(LINEAR, skip_prk_steps=False, timestep_spacing="trailing"),
    ],
    "TCDScheduler": [
        LEGACY,
        LINEAR,
        V,
        SAMPLE,
        dict(LEGACY, eta=0.3),
        dict(V, eta=1),
        dict(SAMPLE, eta=0.7),
        dict(TRINKET, eta=0.3),
    ],
    "UniPCMultistepScheduler": [
        *SOLVER[:-1],
        dict(LEGACY, lower_order_final=False, **MIN),
        dict(LEGACY, solver_type="bh1", **MIN),
        dict(LEGACY, solver_type="bh1", solver_order=3, **MIN),
        dict(V, predict_x0=False, **MIN),
        dict(LEGACY, predict_x0=False, solver_order=3, **MIN),
        dict(LEGACY, predict_x0=False, thresholding=True, **MIN),
        dict(LEGACY, use_karras_sigmas=True, **MIN),
        dict(LEGACY, disable_corrector=[0, 2]),
    ],
}
# Sixteen values and more are drawn another way than fewer.
VALUES = {"EulerAncestralDiscreteScheduler": 16, "LCMScheduler": 18}
STEPS = [6, 16]
RANDOM = 8
FEW_STEPS = [1, 2, 3]
TAILS = [(9, 0.7), (4, 0.5)]
MODELS = {"ratio": lambda x, t: x * t / (t + 1), "sine": lambda x, t: torch.sin(x + t / 100)}
# EDM's timesteps are below 0 too, and -1 has no ratio.
EDM_MODELS = {"cosine": lambda x, t: x * torch.cos(t), "sine": MODELS["sine"]}


def models(name: str) -> dict:
    return EDM_MODELS if name.startswith("EDM") else MODELS


# What a random configuration is drawn from: the values of each key, the first of them where the key is left out.
CHOICES = dict(
    beta_start=[None, 0.0001, 0.00085],
    beta_end=[None, 0.012, 0.02],
    beta_schedule=[None, "linear", "scaled_linear"],
    prediction_type=[None, "epsilon", "v_prediction"],
    timestep_spacing=[None, "linspace", "leading", "trailing"],
    steps_offset=[None, 0, 1],
    clip_sample=[None, True, False],
    clip_sample_range=[None, 0.8],
    set_alpha_to_one=[None, True, False],
    thresholding=[None, None, True],
    dynamic_thresholding_ratio=[None, 0.8],
    sample_max_value=[None, 1.4],
    rescale_betas_zero_snr=[None, None, True],
    solver_order=[None, 1, 2, 3],
    lower_order_final=[None, True, False],
    euler_at_final=[None, True],
    final_sigmas_type=[None, "zero", "sigma_min"],
    predict_x0=[None, None, False],
    original_inference_steps=[None, 40],
)


def random_config(name: str, draw: random.Random) -> dict:
    """Noise is not integrated to where there is none, and pure noise tells nothing of the sample."""
    accepted = inspect.signature(getattr(diffusers, name).__init__).parameters
    config = {key: draw.choice(values) for key, values in CHOICES.items() if key in accepted}
    if "use_karras_sigmas" in accepted:
        config[draw.choice(["use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "none"])] = True
        config |= {"sigma_min": draw.choice([None, 0.02, 0.3]), "sigma_max": draw.choice([None, 5.0, 18.0])}
    config = {key: value for key, value in config.items() if value is not None and key != "none"}
    if name.startswith("EDM"):
        drawn = dict(
            sigma_schedule=["karras", "exponential"], sigma_min=[0.002, 0.05], sigma_max=[30.0, 80.0], sigma_data=[0.5, 1.0]
        )
        config |= {key: draw.choice(values) for key, values in drawn.items()}
    if config.get("predict_x0") is False or not config.get("lower_order_final", True):
        config |= {"final_sigmas_type": "sigma_min"} if "final_sigmas_type" in accepted else {}
    if config.get("predict_x0") is False or config.get("prediction_type", "epsilon") == "epsilon":
        config.pop("rescale_betas_zero_snr", None)
    return dict(num_train_timesteps=1000, **config, **({"skip_prk_steps": True} if name.startswith("PNDM") else {}))


class NotFinite(Exception):
    """diffusers gives nothing but NaN."""


def random_runs(name: str) -> list[dict]:
    draw, runs = random.Random(name), []
    configs = [random_config(name, draw) for _ in range(RANDOM)]
    for config in configs:
        with contextlib.suppress(NotFinite):
            runs.append(run(name, config, draw.randint(5, 20), draw.choice([*models(name)])))
    return runs


def randn(count: int, seed: int) -> torch.Tensor:
    return torch.randn(count, generator=torch.Generator().manual_seed(seed)).reshape(1, 1, 1, count)


def values(tensor: torch.Tensor) -> list[float]:
    return [float(f"{v:.9g}") for v in tensor.flatten().tolist()]


def run(name: str, config: dict, steps: int, model: str, strength: float | None = None) -> dict:
    config, eta = dict(config), config.get("eta", 0.0)
    scheduler = getattr(diffusers, name).from_config({"_class_name": name, **{k: v for k, v in config.items() if k != "eta"}})
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(11)
    accepted = inspect.signature(scheduler.step).parameters
    extras = {k: v for k, v in {"generator": generator, "eta": eta}.items() if k in accepted}
    count = VALUES.get(name, 6)
    noise, original = randn(count, 7), 0.8 * randn(count, 8)
    sample, begin, samples = noise * getattr(scheduler, "init_noise_sigma", 1.0), 0, []
    if strength is not None:
        begin = (steps - min(int(steps * strength), steps)) * scheduler.order
    if hasattr(scheduler, "set_begin_index"):
        # Without it diffusers looks for the first timestep and takes its second place where curves repeat it.
        scheduler.set_begin_index(begin)
    if strength is not None:
        add = getattr(scheduler, "add_noise", None)
        first = scheduler.timesteps[begin : begin + 1]
        sample = add(original, noise, first) if add else scheduler.scale_noise(original, first, noise)
        begun = {"strength": strength, "begin": begin, "original": values(original), "noised": values(sample)}
    for t in scheduler.timesteps[begin:]:
        seen = scheduler.scale_model_input(sample, t) if hasattr(scheduler, "scale_model_input") else sample
        sample = scheduler.step(models(name)[model](seen, t.float()), t, sample, **extras).prev_sample
        if not sample.isfinite().all():
            raise NotFinite(name, config)
        samples.append(values(sample))
    sigmas = scheduler.sigmas.tolist() if len(getattr(scheduler, "sigmas", [])) == len(scheduler.timesteps) + 1 else None
    return {
        "config": config,
        "steps": steps,
        "model": model,
        "noise": values(noise),
        "initNoiseSigma": float(getattr(scheduler, "init_noise_sigma", 1.0)),
        "timesteps": scheduler.timesteps.tolist(),
        "sigmas": sigmas,
        "samples": samples,
        **(begun if strength is not None else {}),
    }


def timestep_sums(name: str, spacing: str, offset: int) -> list[float]:
    scheduler = getattr(diffusers, name)(
        timestep_spacing=spacing, steps_offset=offset, **({"skip_prk_steps": True} if name.startswith("PNDM") else {})
    )
    sums = []
    for steps in range(1, 151):
        scheduler.set_timesteps(steps)
        # With 61, 103, … trailing steps numpy.arange gives one more, timestep −1.
        sums.append(sum(k * t for k, t in enumerate(scheduler.timesteps.double().tolist(), 1) if t >= 0))
    return sums


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    versions = {"command": "python golden/schedulers.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    for name, configs in GRID.items():
        runs = [run(name, config, steps, model) for i, config in enumerate(configs) for steps, model in zip(STEPS, models(name))]
        runs += [
            run(name, {**LEGACY, **configs[-1]} if name.startswith(("Flow", "EDM")) else LEGACY, steps, [*models(name)][0])
            for steps in FEW_STEPS
        ]
        runs += [
            run(name, config, steps, "sine", strength)
            for (steps, strength), config in zip(TAILS, (configs[0], configs[-1]))
            if config.get("skip_prk_steps", True)
        ]
        runs += [] if name.startswith("Flow") else random_runs(name)
        path = OUT / f"{name}.json"
        path.write_text(json.dumps({"versions": versions, "runs": runs}, separators=(",", ":")) + "\n")
        print(f"{name}: {len(runs)} runs, {path.stat().st_size / 1e3:.0f} kB")
    spaced = [
        n
        for n in GRID
        if "timestep_spacing" in inspect.signature(getattr(diffusers, n).__init__).parameters
        and n not in ("LCMScheduler", "TCDScheduler")
        and not n.startswith("KDPM2")
    ]
    sums = [
        {"name": n, "spacing": s, "offset": o, "sums": timestep_sums(n, s, o)}
        for n in spaced
        for s, o in (("linspace", 0), ("leading", 1), ("trailing", 0))
    ]
    (OUT / "timesteps.json").write_text(json.dumps({"versions": versions, "sums": sums}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
