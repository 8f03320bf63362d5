import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { hideSecret } from '@millrace/observability'
import { DeclarationError, spanMs, type Span } from '@millrace/stream-kit'
import { errorCode } from '../error-code.ts'
import type { Environment } from './environment.ts'
import type { Setting } from './setting.ts'

/** A typed value, or one sentence on what was found, what was expected and the cure. */
export type Parsed = { readonly value: unknown } | { readonly problem: string }

/** One setting from the environment: its own text, else its fallback's, else its default. */
export function parseSetting(setting: Setting, env: Environment): Parsed {
  const from = [setting.env, setting.fallback].find((name) => name !== undefined && given(env[name]) !== undefined)
  const text = from === undefined ? defaultText(setting) : given(env[from])
  if (text === undefined) {
    return setting.optional === true ? { value: undefined } : { problem: `${setting.env} is not set. It is ${setting.about} Set it to ${expectation(setting)}.` }
  }
  const parsed = parseText(setting, text)
  if ('wrong' in parsed) {
    const found = setting.secret === true ? 'its value' : `'${text}'`
    return { problem: `${from ?? setting.env} is ${found}; ${parsed.wrong}` }
  }
  if (setting.secret === true || setting.kind === 'secretFile') hideSecret(String(parsed.value))
  return parsed
}

/** What a text of this setting must be, as it reads after "set it to". */
export function expectation(setting: Setting): string {
  if (setting.kind === 'int' || setting.kind === 'number') {
    const range = [setting.min === undefined ? '' : ` from ${setting.min}`, setting.max === undefined ? '' : ` to ${setting.max}`].join('')
    return `${setting.kind === 'int' ? 'a whole number' : 'a number'}${range}`
  }
  if (setting.kind === 'choice') return `one of ${setting.choices.join(', ')}`
  return { text: 'a text', list: 'texts separated by commas', bool: 'true or false', url: 'an http or https address', span: "a span such as '30 seconds'", secretFile: 'the path of a file with the secret', path: 'a path' }[setting.kind]
}

/** The default as it would be written in the environment. */
export function defaultText(setting: Setting): string | undefined {
  if (setting.default === undefined) return undefined
  return Array.isArray(setting.default) ? setting.default.join(',') : String(setting.default)
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

function parseText(setting: Setting, text: string): { value: unknown } | { wrong: string } {
  const own = setting.check?.(text)
  if (own !== undefined) return { wrong: own }
  switch (setting.kind) {
    case 'text': return { value: text }
    case 'path': return { value: resolve(text) }
    case 'list': return { value: text.split(',').map((part) => part.trim()).filter((part) => part !== '') }
    case 'bool': return text === 'true' || text === 'false' ? { value: text === 'true' } : expected(setting)
    case 'choice': return setting.choices.includes(text) ? { value: text } : expected(setting)
    case 'url': return /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? { value: text } : expected(setting)
    case 'int': return /^-?\d+$/.test(text) ? inRange(setting, Number(text)) : expected(setting)
    case 'number': return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? inRange(setting, Number(text)) : expected(setting)
    case 'span': return span(setting, text)
    case 'secretFile': return secret(text)
  }
}

function expected(setting: Setting): { wrong: string } {
  return { wrong: `expected ${expectation(setting)}.` }
}

function inRange(setting: Setting & { kind: 'int' | 'number' }, value: number): { value: number } | { wrong: string } {
  const isSafe = setting.kind === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value)
  return isSafe && value >= (setting.min ?? -Infinity) && value <= (setting.max ?? Infinity) ? { value } : expected(setting)
}

function span(setting: Setting, text: string): { value: number } | { wrong: string } {
  try {
    return { value: spanMs(text as Span) }
  } catch (error) {
    if (error instanceof DeclarationError) return expected(setting)
    throw error
  }
}

function secret(path: string): { value: string } | { wrong: string } {
  const file = resolve(path)
  let content: string
  try {
    content = readFileSync(file, 'utf8').trim()
  } catch (error) {
    return { wrong: `the file ${file} cannot be read (${errorCode(error) ?? String(error)}). \`npm start\` makes it at its first start; or point the setting at the right file.` }
  }
  return content.length >= 8 ? { value: content } : { wrong: `the file ${file} holds ${content.length} characters; a secret has at least 8.` }
}
