import { isUtf8 } from 'node:buffer'

type Path = readonly (string | number)[]

/** What the source wrote for each item. */
export interface OriginalBytes {
  readonly bytesOf: (index: number) => Buffer
  /** Whether they are UTF-8. What is parsed from others is not what was written: it has U+FFFD in the place of some. */
  readonly isUtf8: (index: number) => boolean
}

/**
 * The bytes that the source wrote for each item, looked up in the answer: what was parsed may differ from them (doubled
 * keys, numbers too large, white space, bytes that are no text). Items that `items` has made itself are written as JSON;
 * in an answer that is not UTF-8 those with a U+FFFD are taken for damaged, since nobody can tell it from a written one.
 */
export function originalBytes(answer: Buffer, body: unknown, items: readonly unknown[]): OriginalBytes {
  const isClean = isUtf8(answer)
  let spans: (readonly [number, number])[] | undefined
  const spanOf = (index: number): readonly [number, number] | undefined => {
    // One character a byte: what delimits JSON is ASCII, and no byte of a longer character looks like it.
    spans ??= itemSpans(answer.toString('latin1'), body, items)
    return spans[index]
  }
  const bytesOf = (index: number): Buffer => {
    const span = spanOf(index)
    return span ? answer.subarray(...span) : Buffer.from(written(items[index] ?? null))
  }
  return { bytesOf, isUtf8: (index) => isClean || (isUtf8(bytesOf(index)) && (spanOf(index) !== undefined || !bytesOf(index).includes('\ufffd'))) }
}

/** JSON of an item that the declaration has made; of one that nests too deep for that, the upper levels. */
function written(item: unknown): string {
  try {
    return JSON.stringify(item)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return JSON.stringify(upper(item, deepest))
  }
}

const deepest = 100

function upper(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return '…'
  if (Array.isArray(value)) return value.map((inner) => upper(inner, levels - 1))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, upper(inner, levels - 1)]))
}

function itemSpans(text: string, body: unknown, items: readonly unknown[]): (readonly [number, number])[] {
  const path = findPath(body, items)
  if (!path) return []
  const start = seek(text, path)
  const spans = start === null ? [] : elements(text, start)
  return spans.length === items.length ? spans : []
}

/** Where the very list lies in the parsed body, at most four levels deep. */
function findPath(body: unknown, items: readonly unknown[]): Path | null {
  let level: { value: unknown; path: Path }[] = [{ value: body, path: [] }]
  for (let depth = 0; depth < 5; depth += 1) {
    const found = level.find(({ value }) => value === items)
    if (found) return found.path
    level = level.flatMap(({ value, path }) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value).map(([key, inner]) => ({ value: inner as unknown, path: [...path, key] })) : []))
  }
  return null
}

/** The offset of the value at a path of keys; of doubled keys the last, as JSON.parse has it. */
function seek(text: string, path: Path): number | null {
  let at = space(text, 0)
  for (const step of path) {
    const member = members(text, at).findLast(({ key }) => key === step)
    if (!member) return null
    at = member.start
  }
  return at
}

function members(text: string, open: number): { key: string; start: number }[] {
  const found: { key: string; start: number }[] = []
  let at = space(text, open + 1)
  while (text[at] === '"') {
    const end = skip(text, at)
    const start = space(text, space(text, end) + 1)
    found.push({ key: JSON.parse(Buffer.from(text.slice(at, end), 'latin1').toString()) as string, start })
    at = space(text, skip(text, start))
    if (text[at] === ',') at = space(text, at + 1)
  }
  return found
}

function elements(text: string, open: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = []
  let at = space(text, open + 1)
  while (at < text.length && text[at] !== ']') {
    const end = skip(text, at)
    found.push([at, end])
    at = space(text, end)
    if (text[at] === ',') at = space(text, at + 1)
  }
  return found
}

/** The offset after the value that begins at `at`. The text is known to be JSON. */
function skip(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i += 1) {
    const char = text[i]
    if (char === '"') {
      i = stringEnd(text, i)
      if (depth === 0) return i + 1
    } else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 0) return i + 1
      if (depth < 0) return i
    } else if (depth === 0 && (char === ',' || isSpace(char))) return i
  }
  return text.length
}

function stringEnd(text: string, open: number): number {
  let i = open + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

function space(text: string, at: number): number {
  let i = at
  while (isSpace(text[i])) i += 1
  return i
}

const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\n' || char === '\r' || char === '\t'
