import type { GreyPicture, Picture } from './picture.ts';

/** 2¹⁵ · tan 22.5°: between a gradient's sectors, in 17.15 fixed point. */
const TAN_22 = 13573;

/** The gradients of a picture, with a border of one row and column. */
interface Gradients {
  /** Width with that border. */
  readonly stride: number;
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  /** |dx| + |dy|, 0 … 2040; of the border −1. */
  readonly steepness: Int16Array;
}

/**
 * The edges of a picture, white on black: OpenCV's Canny (modules/imgproc/src/canny.cpp; aperture 3, L1 norm), pixel for pixel.
 * As there, a colour picture has at each pixel the gradient of the channel in which it is steepest, which for a grey one is that
 * of its grey.
 * @param low edges are followed where they are steeper; @param high they begin where they are steeper, 0 … 2040
 */
export function canny(picture: Picture, low: number, high: number): GreyPicture {
  const { width, height } = picture;
  const [least, most] = [Math.floor(Math.min(low, high)), Math.floor(Math.max(low, high))];
  const gradients = sobel(picture);
  const { stride } = gradients;
  // 0: no edge; 1: an edge if it hangs together with one; 255: an edge.
  const marks = new Uint8ClampedArray(stride * (height + 2));
  const found: number[] = [];
  for (let y = 1; y <= height; y++)
    for (let x = 1; x <= width; x++) {
      const place = y * stride + x;
      const steepness = gradients.steepness[place] as number;
      if (steepness <= least || !isRidge(gradients, place, steepness)) continue;
      marks[place] = steepness > most ? 255 : 1;
      if (steepness > most) found.push(place);
    }
  follow(marks, stride, found);
  const data = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[y * width + x] = marks[(y + 1) * stride + x + 1] === 255 ? 255 : 0;
  return { width, height, data };
}

/** Sobel's operator, 3 × 3; beyond the edges of the picture its outermost pixels are repeated. */
function sobel({ rgba, width, height }: Picture): Gradients {
  const stride = width + 2;
  const plane = () => new Int16Array(stride * (height + 2));
  const gradients = { stride, dx: plane(), dy: plane(), steepness: plane().fill(-1) };
  for (let channel = 0; channel < 3; channel++) {
    const at = (x: number, row: number) => rgba[(row + x) * 4 + channel] as number;
    for (let y = 0; y < height; y++) {
      const above = Math.max(0, y - 1) * width;
      const here = y * width;
      const below = Math.min(height - 1, y + 1) * width;
      // Of a column: its weighted sum, and how much lower its lower end is than its upper one.
      const sum = (x: number) => at(x, above) + 2 * at(x, here) + at(x, below);
      const fall = (x: number) => at(x, below) - at(x, above);
      let [leftSum, leftFall] = [sum(0), fall(0)];
      let [midSum, midFall] = [leftSum, leftFall];
      for (let x = 0; x < width; x++) {
        const right = Math.min(width - 1, x + 1);
        const rightSum = sum(right);
        const rightFall = fall(right);
        keepSteeper(
          gradients,
          (y + 1) * stride + x + 1,
          rightSum - leftSum,
          leftFall + 2 * midFall + rightFall,
        );
        leftSum = midSum;
        midSum = rightSum;
        leftFall = midFall;
        midFall = rightFall;
      }
    }
  }
  return gradients;
}

/** Keeps the first of the channels in which a pixel is steepest. */
function keepSteeper({ dx, dy, steepness }: Gradients, place: number, across: number, down: number): void {
  const sum = Math.abs(across) + Math.abs(down);
  if (sum <= (steepness[place] as number)) return;
  steepness[place] = sum;
  dx[place] = across;
  dy[place] = down;
}

/** Whether a pixel is steeper than both neighbours along its gradient. Of two that are alike the first is taken. */
function isRidge({ stride, dx, dy, steepness }: Gradients, place: number, own: number): boolean {
  const at = (other: number) => steepness[other] as number;
  const across = dx[place] as number;
  const down = dy[place] as number;
  const x = Math.abs(across);
  const y = Math.abs(down) * 2 ** 15;
  if (y < x * TAN_22) return own > at(place - 1) && own >= at(place + 1);
  if (y > x * (TAN_22 + 2 ** 16)) return own > at(place - stride) && own >= at(place + stride);
  const side = across < 0 === down < 0 ? 1 : -1;
  return own > at(place - stride - side) && own > at(place + stride + side);
}

/** Makes edges of everything that hangs together with one, also by corners. */
function follow(marks: Uint8ClampedArray, stride: number, edges: number[]): void {
  const around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
  for (let place = edges.pop(); place !== undefined; place = edges.pop())
    for (const step of around) {
      if (marks[place + step] !== 1) continue;
      marks[place + step] = 255;
      edges.push(place + step);
    }
}
