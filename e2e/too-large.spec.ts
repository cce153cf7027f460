import { readdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import type { StaticServer } from './server.mjs';

test.use({ visit: 'first' });

/** Runs in the worker before its own code: a GPU with room for this many bytes, that says when there is no more. */
function smallGpu(bytes: number): void {
  let left = bytes;
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const held = new WeakSet<GPUBuffer>();
  GPUBuffer.prototype.destroy = function () {
    if (held.delete(this)) left += this.size;
    return destroy.call(this);
  };
  GPUDevice.prototype.createBuffer = function (descriptor) {
    if (left >= descriptor.size) {
      const buffer = createBuffer.call(this, descriptor);
      held.add(buffer);
      left -= descriptor.size;
      return buffer;
    }
    const error = new GPUOutOfMemoryError('No room for a buffer.');
    this.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    // An invalid buffer, as WebGPU gives where there is no room (§ 5.1.1, createBuffer).
    this.pushErrorScope('validation');
    const buffer = createBuffer.call(this, { size: 4, usage: 0 });
    void this.popErrorScope();
    return buffer;
  };
}

/** Has the worker find such a GPU. */
function withRoom(server: StaticServer, bytes: number): void {
  const files = readdirSync(new URL('../dist/assets', import.meta.url));
  const worker = files.find((name) => /^main-.*\.js$/.test(name));
  server.replaced.set(`/assets/${worker}`, (body) =>
    Buffer.concat([Buffer.from(`(${smallGpu})(${bytes});\n`), body]),
  );
}

test('a model too large for the GPU ends in words within a minute, and the CPU is left', async ({
  app,
  server,
}) => {
  withRoom(server, 4e5);
  await app.open();
  await app.generate.click();
  await expect(app.alert).toContainText('There is not enough memory');
  await expect(app.alert).toContainText('make an 8-bit copy');
  await app.openAdvanced();
  await app.field('Device').selectOption('CPU');
  await app.make();
});

// The small model takes 0.8 MB with everything loaded, and its UNet by itself half of that.
test('a run that fills the GPU is begun again with less, and says so', async ({ app, server }) => {
  withRoom(server, 6.5e5);
  await app.open();
  await app.make();
  await expect(app.page.getByText('The memory was full')).toContainText('One component loaded at a time');
});
