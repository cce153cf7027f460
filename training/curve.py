"""The loss over the samples seen, from what diffusion.py has printed: `python curve.py log.txt curve.svg`.

Lines that say nothing of a loss are passed over, so the log may have remarks in it.
"""

import re
import sys
from pathlib import Path

import matplotlib.pyplot as plt

LINE = re.compile(r"step \d+ +(\d+) k samples +loss ([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)")
BANDS = ("0–249: little noise", "250–499", "500–749", "750–999: nearly all noise")


def main(log: Path, out: Path) -> None:
    rows = [[float(x) for x in found.groups()] for found in map(LINE.search, log.read_text().splitlines()) if found]
    samples, *losses = zip(*rows)
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "trinket", "font.size": 9})
    figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for band, loss in zip(BANDS, losses):
        axes.plot(samples, loss, label=band, linewidth=1.2)
    axes.set(
        xlabel="thousands of samples",
        ylabel="mean squared error of v",
        yscale="log",
        yticks=[0.1, 0.2, 0.5, 1],
        yticklabels=["0.1", "0.2", "0.5", "1"],
    )
    axes.minorticks_off()
    axes.legend(title="timesteps", frameon=False)
    figure.savefig(out, metadata={"Date": None})


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
