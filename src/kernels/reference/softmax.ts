/** `softmax` in plain loops. */
export function softmaxReference(rows: number, channels: number, x: Float32Array): Float32Array {
  const result = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    const values = x.subarray(row * channels, (row + 1) * channels);
    const most = values.reduce((a, b) => Math.max(a, b));
    const total = values.reduce((sum, value) => sum + Math.exp(value - most), 0);
    values.forEach((value, c) => {
      result[row * channels + c] = Math.exp(value - most) / total;
    });
  }
  return result;
}
