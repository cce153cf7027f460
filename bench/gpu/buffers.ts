/** The bytes of the buffers that this worker's devices hold, and the most they held. */
const held = { now: 0, most: 0 };
const sizes = new WeakMap<GPUBuffer, number>();

/** Counts every buffer from now on, whoever creates it. */
export function countBuffers(): void {
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    sizes.set(buffer, descriptor.size);
    held.now += descriptor.size;
    held.most = Math.max(held.most, held.now);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    held.now -= sizes.get(this) ?? 0;
    sizes.delete(this);
    return destroy.call(this);
  };
}

/** Begins to look for the most: @returns what gives the most bytes that were held above those that are held now. */
export function watchBuffers(): () => number {
  const before = held.now;
  held.most = before;
  return () => held.most - before;
}
