// Turns Codex's bindings into modules that nodenext resolves: relative imports and re-exports come
// without an extension, and one of them names a folder. Nothing else of the text is touched.

const RELATIVE = /(from\s+)"(\.{1,2}\/[^"]+)"/g

/** Adds `.ts`, or `/index.ts` for a folder, to every relative specifier of one module. */
export function withExtensions(source: string, isFolder: (specifier: string) => boolean): string {
  return source.replace(RELATIVE, (_match, from: string, specifier: string) => {
    const suffix = isFolder(specifier) ? '/index.ts' : '.ts'
    return `${from}"${specifier}${suffix}"`
  })
}
