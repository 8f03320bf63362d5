import { allSettings } from './define-settings.ts'
import { defaultText, expectation } from './parse-setting.ts'
import type { Setting } from './setting.ts'

type Titled = Setting & { readonly title: string }

/** The texts of `.env.example` and `docs/settings.md`, made from every settings table that is loaded. Same tables, same text. */
export function generateSettingsDocuments(settings: readonly Titled[] = allSettings()): { envExample: string, settingsPage: string } {
  const groups = Object.entries(Object.groupBy([...settings].sort((a, b) => order(a.title, b.title) || order(a.env, b.env)), ({ title }) => title))
  const example = groups.map(([title, group = []]) => `## ${title}\n${group.map(exampleLines).join('\n')}`)
  const page = groups.map(([title, group = []]) => `## ${title}\n\n| Variable | Expected | Default | Meaning |\n|---|---|---|---|\n${group.map(pageRow).join('\n')}`)
  return {
    envExample: `# Every setting with its default. Made by \`provision generate\` from the settings tables; do not edit.\n# Nothing here has to be set: what is commented out is what counts.\n\n${example.join('\n\n')}\n`,
    settingsPage: `# Settings\n\nEvery setting is an environment variable. Made by \`provision generate\` from the settings tables; do not edit. A secret is never a value here: its variable names a file.\n\n${page.join('\n\n')}\n`,
  }
}

function exampleLines(setting: Titled): string {
  return `# ${setting.about} ${capital(expectation(setting))}.\n# ${setting.env}=${shownDefault(setting) ?? ''}`
}

function pageRow(setting: Titled): string {
  const value = shownDefault(setting)
  const byDefault = value === undefined && setting.optional !== true ? 'must be given' : value === undefined || value === '' ? 'none' : `\`${value}\``
  const fallback = setting.fallback === undefined ? byDefault : `as \`${setting.fallback}\``
  return `| \`${setting.env}\` | ${escape(expectation(setting))} | ${escape(fallback)} | ${escape(setting.about)} |`
}

/** The path of a secret's file may be read, a secret itself may not. */
function shownDefault(setting: Titled): string | undefined {
  return setting.secret === true && setting.kind !== 'secretFile' ? undefined : defaultText(setting)
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
