import { serviceError } from '../service.errors.ts'
import type { Setting, SettingsTable } from './setting.ts'

const tables: { title: string, table: SettingsTable }[] = []

/**
 * Declares the settings of a library or an app in one table, and remembers it for `.env.example` and the settings
 * page. One variable may stand in two tables only with the same meaning.
 */
export function defineSettings<const T extends SettingsTable>(table: T, { title = 'General' }: { title?: string } = {}): T {
  for (const setting of Object.values(table)) {
    const other = allSettings().find(({ env }) => env === setting.env)
    if (other !== undefined && describe(other) !== describe(setting)) {
      throw serviceError('settings_conflict', `${setting.env} is declared as ${describe(other)} and as ${describe(setting)}. Declare it in one table and import that.`)
    }
  }
  tables.push({ title, table })
  return table
}

/** Every setting of every table loaded so far, each variable once, with the title of its table. */
export function allSettings(): (Setting & { title: string })[] {
  const byEnv = new Map<string, Setting & { title: string }>()
  for (const { title, table } of tables) {
    for (const setting of Object.values(table)) if (!byEnv.has(setting.env)) byEnv.set(setting.env, { ...setting, title })
  }
  return [...byEnv.values()]
}

function describe(setting: Setting): string {
  return JSON.stringify({ kind: setting.kind, default: setting.default, choices: 'choices' in setting ? setting.choices : undefined, fallback: setting.fallback })
}
