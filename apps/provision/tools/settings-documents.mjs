/** Prints `{ envExample, settingsPage }` made from the settings tables of every library and app. Started by `provision generate`. */
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { generateSettingsDocuments } from '@millrace/service'

const tables = globSync('{apps,libs}/*/src/**/*.{config,settings}.ts').sort()
for (const file of tables) await import(resolve(file))
process.stdout.write(JSON.stringify(generateSettingsDocuments()))
