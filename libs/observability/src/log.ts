import { plainFields } from './plain-value.ts'
import { redact } from './redaction.ts'

/** From the quietest to the loudest. WARN: unexpected, recovered, nothing lost. ERROR: data lost, or a person must act. */
export const levels = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof levels)[number]

export interface LogSettings {
  /** The name of the worker, on every line. */
  readonly app: string
  /** The least level that is written. */
  readonly level: Level
  /** Where a finished line goes; without a line end. */
  readonly write: (line: string) => void
}

let settings: LogSettings = { app: 'millrace', level: 'info', write: (line) => void process.stdout.write(`${line}\n`) }

/** Changes where and how much is logged; answers a function that puts it back as it was. */
export function configureLog(change: Partial<LogSettings>): () => void {
  const before = settings
  settings = { ...settings, ...change }
  return () => { settings = before }
}

const reserved = new Set(['time', 'level', 'app', 'signal', 'text'])
// JSON escapes only what is below a space. These would still move a terminal's cursor or reverse its text.
const unsafe = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Writes one line of JSON: time, level, app, signal, text and the fields. Only `defineSignal` calls it. */
export function log(level: Level, signal: string, text: string, fields: Record<string, unknown>): void {
  if (levels.indexOf(level) < levels.indexOf(settings.level)) return
  const plain = plainFields(fields)
  const renamed = Object.fromEntries(Object.entries(plain).map(([name, value]) => [reserved.has(name) ? `${name}_` : name, value]))
  const line = JSON.stringify({ time: new Date().toISOString(), level, app: settings.app, signal, text: interpolate(text, plain), ...renamed })
  settings.write(redact(line.replace(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)))
}

/** Puts `{field}` into the text. A field that was not given stays visible as it is written. */
function interpolate(text: string, fields: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fields[name]
    if (value === undefined) return whole
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
    return value !== null && typeof value === 'object' && 'message' in value ? String(value.message) : JSON.stringify(value)
  })
}
