// Imported before the runtime: holds on to every wasm memory of this worker, created here or exported by a module.
const memories = new Set<WebAssembly.Memory>();

WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, args: [WebAssembly.MemoryDescriptor]) {
    const memory = new target(...args);
    memories.add(memory);
    return memory;
  },
});

function keep(result: WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance) {
  const { exports } = 'instance' in result ? result.instance : result;
  for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  return result;
}

for (const name of ['instantiate', 'instantiateStreaming'] as const) {
  const original = WebAssembly[name] as (
    ...args: unknown[]
  ) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
  Object.assign(WebAssembly, { [name]: (...args: unknown[]) => original(...args).then(keep) });
}

/** Called by memory.mjs through the debugger. */
Object.assign(globalThis, {
  wasmBytes: () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
});
