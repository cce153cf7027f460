/** What a file system throws. */
export const fault = (name: string) => new DOMException(name, name);

/** What is stored by path, folders ending in a slash. */
export type Tree = Record<string, string>;

/** A file system that has `tree` and changes it. `onChange` is called before each change and may throw in its place. */
export function fileSystem(tree: Tree, { onChange = (_path: string) => {} } = {}) {
  const bytes = (path: string) => tree[path] as string;
  const file = (path: string, name: string) => ({
    kind: 'file',
    name,
    getFile: async () => new File([bytes(path)], name),
    createSyncAccessHandle: async () => {
      let written = bytes(path);
      return {
        getSize: () => written.length,
        truncate: (size: number) => {
          written = written.slice(0, size);
        },
        write: (data: Uint8Array) => {
          written += new TextDecoder().decode(data);
          return data.length;
        },
        flush: () => {
          onChange(path);
          tree[path] = written;
        },
        close: () => {},
      };
    },
    /** As in older WebKit, onto no other file. */
    move: async (to: { path: string } | string, newName = name) => {
      onChange(path);
      const target = typeof to === 'string' ? path.slice(0, -name.length) + to : `${to.path}${newName}`;
      if (target in tree) throw fault('InvalidModificationError');
      tree[target] = bytes(path);
      delete tree[path];
    },
  });
  const folder = (path: string) => {
    const names = () =>
      Object.keys(tree)
        .filter((other) => other.startsWith(path) && other !== path)
        .map((other) => other.slice(path.length))
        .filter((name) => /^[^/]+\/?$/.test(name));
    const handle = (name: string) =>
      `${path}${name}/` in tree ? folder(`${path}${name}/`) : file(`${path}${name}`, name);
    return {
      kind: 'directory',
      path,
      async getDirectoryHandle(name: string, { create = false } = {}) {
        if (`${path}${name}` in tree) throw fault('TypeMismatchError');
        if (!(`${path}${name}/` in tree)) {
          if (!create) throw fault('NotFoundError');
          onChange(path);
          tree[`${path}${name}/`] = '';
        }
        return folder(`${path}${name}/`);
      },
      async getFileHandle(name: string, { create = false } = {}) {
        if (!(`${path}${name}` in tree)) {
          if (!create) throw fault('NotFoundError');
          onChange(path);
          tree[`${path}${name}`] = '';
        }
        return file(`${path}${name}`, name);
      },
      async removeEntry(name: string) {
        const entry = `${path}${name}` in tree ? `${path}${name}` : `${path}${name}/`;
        if (!(entry in tree)) throw fault('NotFoundError');
        if (
          Object.keys(tree).some((other) => other.startsWith(entry) && other !== entry && entry.endsWith('/'))
        )
          throw fault('InvalidModificationError');
        onChange(entry);
        delete tree[entry];
      },
      async *entries() {
        for (const name of names()) yield [name.replace('/', ''), handle(name.replace('/', ''))];
      },
      async *keys() {
        for (const name of names()) yield name.replace('/', '');
      },
    };
  };
  return folder('') as unknown as FileSystemDirectoryHandle;
}
