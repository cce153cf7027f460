"""Maps of control layers by OpenCV, from pictures of several kinds: `python golden/maps.py` from the project's root.

Writes src/image/golden/maps/: each picture as 8-bit RGB, row by row, the maps of it as 8-bit grey (or RGB), and cases.json.
"""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import PIL
from PIL import Image, ImageFilter

OUT = Path(__file__).resolve().parent.parent / "src/image/golden/maps"
THRESHOLDS = [(100, 200), (50, 150), (200, 100), (0, 0), (20.7, 60.2), (255, 255)]
SIGMAS = [0, 1.5, 9]
rng = np.random.default_rng(21)


def photo(width: int, height: int) -> np.ndarray:
    """Soft light, shapes of several sizes and colours, grain: what edges are looked for in."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    image = np.stack([90 + 60 * np.sin(x / 23 + c) + 40 * np.cos(y / 17 - c) for c in range(3)], -1)
    for _ in range(9):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        colour = [int(c) for c in rng.integers(0, 256, 3)]
        cv2.circle(image, centre, int(rng.integers(3, max(4, height // 4))), colour, -1, cv2.LINE_AA)
        other = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.line(image, centre, other, colour[::-1], int(rng.integers(1, 4)), cv2.LINE_AA)
    image = cv2.GaussianBlur(image, (0, 0), 0.8) + rng.normal(0, 3, image.shape)
    return np.clip(image, 0, 255).round().astype(np.uint8)


def noise(width: int, height: int) -> np.ndarray:
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def text(width: int, height: int) -> np.ndarray:
    image = np.full((height, width, 3), 255, np.uint8)
    cv2.putText(image, "Safelight", (2, height - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 60), 1, cv2.LINE_AA)
    cv2.putText(image, "canny", (4, 16), cv2.FONT_HERSHEY_PLAIN, 1, (200, 0, 0), 1, cv2.LINE_8)
    return image


def gradient(width: int, height: int) -> np.ndarray:
    """Even slopes and steps, where neighbours are alike: which of two is taken?"""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 4 % 256, y * 5 % 256, ((x + y) // 8 % 2) * 200], -1).astype(np.uint8)


def grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def scribble(image: np.ndarray) -> np.ndarray:
    """scribble_xdog: what is darker than its surroundings in every colour. Its map has a whole number for that, of which
    twice as much is compared with 32."""
    fine, coarse = (cv2.GaussianBlur(image.astype(np.float32), (0, 0), sigma) for sigma in (0.5, 5.0))
    light = np.clip(255 - (coarse - fine).min(-1), 0, 255).astype(np.uint8)
    return np.where(2 * (255 - light.astype(int)) > 32, 255, 0).astype(np.uint8)


def lineart(image: np.ndarray) -> np.ndarray:
    """lineart_standard: the same, without a threshold, in parts of the median of what is a line."""
    image = image.astype(np.float32)
    dark = np.clip((cv2.GaussianBlur(image, (0, 0), 6.0) - image).min(-1), 0, 255)
    lines = dark[dark > 8]
    usual = max(16, np.median(lines)) if lines.size else 16
    return np.clip(dark / usual * 127, 0, 255).astype(np.uint8)


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    pictures = {
        "photo": photo(121, 90),
        "grey-photo": grey(photo(64, 48)),
        "noise": noise(33, 47),
        "text": text(120, 44),
        "gradient": gradient(75, 50),
        "one-pixel": noise(1, 1),
        "column": noise(1, 40),
        "row": noise(37, 1),
        "two-rows": noise(30, 2),
        "black": np.zeros((9, 8, 3), np.uint8),
    }
    cases = []
    for name, image in pictures.items():
        (OUT / f"{name}.rgb").write_bytes(image.tobytes())
        thresholds = THRESHOLDS if name in ("photo", "noise") else THRESHOLDS[:2]
        for i, (low, high) in enumerate(thresholds):
            edges = cv2.Canny(image, low, high)
            if name == "grey-photo":
                assert (edges == cv2.Canny(image[:, :, 0].copy(), low, high)).all()
            print(name, image.shape, (low, high), f"{(edges > 0).mean():.3f} edges")
            (OUT / f"{name}-canny-{i}.grey").write_bytes(edges.tobytes())
        (OUT / f"{name}-scribble.grey").write_bytes(scribble(image).tobytes())
        (OUT / f"{name}-lineart.grey").write_bytes(lineart(image).tobytes())
        if name in ("photo", "two-rows"):
            for sigma in SIGMAS:
                blurred = Image.fromarray(image).filter(ImageFilter.GaussianBlur(sigma))
                (OUT / f"{name}-blur-{sigma}.rgb").write_bytes(blurred.tobytes())
        print(name, f"{(scribble(image) > 0).mean():.3f} scribbled, {(lineart(image) > 0).mean():.3f} lines")
        cases.append({"name": name, "width": image.shape[1], "height": image.shape[0], "canny": thresholds})
    about = {
        "command": "python golden/maps.py",
        "opencv": cv2.__version__,
        "pillow": PIL.__version__,
        "sigmas": SIGMAS,
        "cases": cases,
    }
    (OUT / "cases.json").write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()
