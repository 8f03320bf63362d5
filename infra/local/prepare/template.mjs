import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces each `{{name}}`; a name without a value, and a value without a place, are errors. */
export const fillTemplate = (text, values, origin) => {
  const unused = new Set(Object.keys(values))
  const filled = text.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`${origin} asks for {{${name}}}, which the launcher does not give.`)
    unused.delete(name)
    return String(values[name])
  })
  if (unused.size > 0) throw new Error(`${origin} has no place for ${[...unused].join(', ')}.`)
  return filled
}

/** Writes a configuration file that only its owner can read. */
export const writeFromTemplate = async (template, target, values) => {
  const filled = fillTemplate(await readFile(template, 'utf8'), values, template)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  await writeFile(target, filled, { mode: 0o600 })
  await chmod(target, 0o600)
}

/** The lines of a file of JVM options, without comments. */
export const jvmOptions = async (file) =>
  (await readFile(file, 'utf8')).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
