/** A file that is derived from the catalogue: its path under the root of the workspace, and its whole text. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** Data as it is committed: two spaces, keys in the order they were made, one line end at the end. */
export const jsonFile = (path: string, data: unknown): GeneratedFile => ({ path, text: `${JSON.stringify(data, null, 2)}\n` })
