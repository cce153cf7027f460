import type { PlacedOnCanvas } from './use-placement.ts';

/** How large the picture is, what of it is used, and what is cut off or added, in a line or two. */
export function placementText({
  file,
  canvas,
  placement: { whole, window },
}: Omit<PlacedOnCanvas, 'room'>): string {
  const [x, y] = [file.width / whole.width, file.height / whole.height];
  const cut = sides(
    (window.x - whole.x) * x,
    (window.y - whole.y) * y,
    (whole.x + whole.width - window.x - window.width) * x,
    (whole.y + whole.height - window.y - window.height) * y,
  );
  const added = sides(
    window.x,
    window.y,
    canvas.width - window.x - window.width,
    canvas.height - window.y - window.height,
  );
  const isStretched = Math.abs(x / y - 1) >= 0.01;
  return [
    `${file.width} × ${file.height} in the file, ${Math.round(window.width)} × ${Math.round(window.height)} here${isStretched ? ', stretched' : ''}.`,
    cut && `Cut off: ${cut} of the file’s pixels.`,
    added && `To be painted: ${added} pixels.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** “12 left, 12 right”; empty when there is nothing on any side. */
function sides(left: number, top: number, right: number, bottom: number): string {
  return Object.entries({ left, top, right, bottom })
    .map(([side, pixels]) => [Math.round(pixels), side] as const)
    .filter(([pixels]) => pixels > 0)
    .map(([pixels, side]) => `${pixels} ${side}`)
    .join(', ');
}
