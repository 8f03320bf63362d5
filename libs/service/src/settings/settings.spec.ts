import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configureLog, defineSignal } from '@millrace/observability'
import { afterAll, describe, expect, it } from '@jest/globals'
import { allSettings, defineSettings } from './define-settings.ts'
import { readSettings, SettingsError } from './read-settings.ts'
import { generateSettingsDocuments } from './settings-documents.ts'
import type { Setting } from './setting.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-settings-'))
const secretPath = join(folder, 'secret')
writeFileSync(secretPath, '  correct horse battery\n')
writeFileSync(join(folder, 'short'), 'abc')
afterAll(() => { rmSync(folder, { recursive: true }) })

const table = defineSettings({
  hosts: { env: 'MILLRACE_SPEC_HOSTS', kind: 'list', default: ['127.0.0.1:1', '127.0.0.1:2'], about: 'Hosts.' },
  count: { env: 'MILLRACE_SPEC_COUNT', kind: 'int', min: 1, max: 10, default: 3, about: 'A count.' },
  every: { env: 'MILLRACE_SPEC_EVERY', kind: 'span', default: '5 seconds', about: 'How often.' },
  mode: { env: 'MILLRACE_SPEC_MODE', kind: 'choice', choices: ['open', 'key'], default: 'key', about: 'A mode.' },
  isOn: { env: 'MILLRACE_SPEC_ON', kind: 'bool', default: false, about: 'A switch.' },
  url: { env: 'MILLRACE_SPEC_URL', kind: 'url', default: 'http://127.0.0.1:1/x', about: 'An address.' },
  secret: { env: 'MILLRACE_SPEC_SECRET_FILE', kind: 'secretFile', about: 'A secret.' },
  other: { env: 'MILLRACE_SPEC_OTHER', kind: 'text', fallback: 'MILLRACE_SPEC_MODE', optional: true, about: 'Another.' },
}, { title: 'Spec' })

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(table, { MILLRACE_SPEC_SECRET_FILE: secretPath, ...env })
  } catch (error) {
    if (error instanceof SettingsError) return error.fields['problems'] as string[]
    throw error
  }
  return []
}

describe('readSettings', () => {
  it('reads defaults, typed', () => {
    const settings = readSettings(table, { MILLRACE_SPEC_SECRET_FILE: secretPath })
    const mode: 'open' | 'key' = settings.mode
    const other: string | undefined = settings.other
    expect({ ...settings, mode, other }).toEqual({
      hosts: ['127.0.0.1:1', '127.0.0.1:2'], count: 3, every: 5_000, mode: 'key', isOn: false, url: 'http://127.0.0.1:1/x', secret: 'correct horse battery', other: undefined,
    })
  })

  it('reads what is set, without its edges; an empty text is not set', () => {
    const settings = readSettings(table, {
      MILLRACE_SPEC_SECRET_FILE: secretPath, MILLRACE_SPEC_HOSTS: ' a:1, b:2 ,', MILLRACE_SPEC_COUNT: ' 10 ', MILLRACE_SPEC_EVERY: '2 minutes', MILLRACE_SPEC_MODE: 'open', MILLRACE_SPEC_ON: 'true', MILLRACE_SPEC_URL: ' ',
    })
    expect(settings).toMatchObject({ hosts: ['a:1', 'b:2'], count: 10, every: 120_000, mode: 'open', isOn: true, url: 'http://127.0.0.1:1/x', other: 'open' })
  })

  it('tells all problems at once, each with what was found and what was expected', () => {
    expect(problemsOf({ MILLRACE_SPEC_SECRET_FILE: join(folder, 'none'), MILLRACE_SPEC_COUNT: '11', MILLRACE_SPEC_EVERY: 'soon', MILLRACE_SPEC_MODE: 'ajar', MILLRACE_SPEC_ON: 'yes', MILLRACE_SPEC_URL: 'ftp://x' })).toEqual([
      "MILLRACE_SPEC_COUNT is '11'; expected a whole number from 1 to 10.",
      "MILLRACE_SPEC_EVERY is 'soon'; expected a span such as '30 seconds'.",
      "MILLRACE_SPEC_MODE is 'ajar'; expected one of open, key.",
      "MILLRACE_SPEC_ON is 'yes'; expected true or false.",
      "MILLRACE_SPEC_URL is 'ftp://x'; expected an http or https address.",
      expect.stringMatching(/^MILLRACE_SPEC_SECRET_FILE is '.*none'; the file .* cannot be read \(ENOENT\)/),
    ])
  })

  it('asks for what has no default, and for a secret worth its name', () => {
    expect(() => readSettings(table, {})).toThrow('MILLRACE_SPEC_SECRET_FILE is not set. It is A secret. Set it to the path of a file with the secret.')
    expect(problemsOf({ MILLRACE_SPEC_SECRET_FILE: join(folder, 'short') })).toEqual([expect.stringContaining('holds 3 characters; a secret has at least 8.')])
  })

  it.each(['1e3', '0x10', '٣', '3.0', '--3', '3 3', 'NaN', '99999999999999999999'])('takes no %j for a whole number', (text) => {
    expect(problemsOf({ MILLRACE_SPEC_COUNT: text })).toHaveLength(1)
  })

  it('reads back every number and every span that it writes', () => {
    const wide = { n: { env: 'MILLRACE_SPEC_N', kind: 'number', default: 0, about: 'N.' }, s: { env: 'MILLRACE_SPEC_S', kind: 'span', default: '1 second', about: 'S.' } } as const
    for (let round = 0; round < 500; round++) {
      const n = (Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 20 - 8)
      const seconds = 1 + Math.floor(Math.random() * 1e6)
      expect(readSettings(wide, { MILLRACE_SPEC_N: String(n), MILLRACE_SPEC_S: `${seconds} seconds` })).toEqual({ n, s: seconds * 1_000 })
    }
  })

  it('hides a secret it has read in every log line', () => {
    readSettings(table, { MILLRACE_SPEC_SECRET_FILE: secretPath })
    const lines: string[] = []
    const restore = configureLog({ write: (line) => lines.push(line) })
    defineSignal('spec_secret_said', { level: 'error', text: 'Said {said}.' })({ said: 'it is correct horse battery, is it not' })
    restore()
    expect(lines.join()).toContain('it is [hidden], is it not')
  })
})

describe('defineSettings', () => {
  it('refuses a variable that is declared in two ways, and lists one declared twice alike once', () => {
    expect(() => defineSettings({ count: { env: 'MILLRACE_SPEC_COUNT', kind: 'int', default: 4, about: 'Another default.' } })).toThrow('MILLRACE_SPEC_COUNT is declared as')
    defineSettings({ count: table.count })
    expect(allSettings().filter(({ env }) => env === 'MILLRACE_SPEC_COUNT')).toHaveLength(1)
  })
})

describe('generateSettingsDocuments', () => {
  const settings: (Setting & { title: string })[] = [
    { title: 'B', env: 'MILLRACE_B', kind: 'int', default: 1, about: 'The b | c.' },
    { title: 'A', env: 'MILLRACE_Z', kind: 'secretFile', default: '.millrace/secrets/z', secret: true, about: 'The z.' },
    { title: 'A', env: 'MILLRACE_L', kind: 'list', default: [], about: 'The l.' },
    { title: 'A', env: 'MILLRACE_A', kind: 'choice', choices: ['x', 'y'], default: 'x', about: 'The a.' },
  ]

  it('writes .env.example and the settings page, sorted', () => {
    const { envExample, settingsPage } = generateSettingsDocuments(settings)
    expect(envExample.slice(envExample.indexOf('## A'))).toBe('## A\n# The a. One of x, y.\n# MILLRACE_A=x\n# The l. Texts separated by commas.\n# MILLRACE_L=\n# The z. The path of a file with the secret.\n# MILLRACE_Z=.millrace/secrets/z\n\n## B\n# The b | c. A whole number.\n# MILLRACE_B=1\n')
    expect(settingsPage.slice(settingsPage.indexOf('## A'))).toBe('## A\n\n| Variable | Expected | Default | Meaning |\n|---|---|---|---|\n| `MILLRACE_A` | one of x, y | `x` | The a. |\n| `MILLRACE_L` | texts separated by commas | none | The l. |\n| `MILLRACE_Z` | the path of a file with the secret | `.millrace/secrets/z` | The z. |\n\n## B\n\n| Variable | Expected | Default | Meaning |\n|---|---|---|---|\n| `MILLRACE_B` | a whole number | `1` | The b \\| c. |\n')
  })

  it('writes the same text whatever the order of the tables', () => {
    expect(generateSettingsDocuments(settings.toReversed())).toEqual(generateSettingsDocuments(settings))
  })
})
