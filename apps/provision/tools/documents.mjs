/** Prints the documents that are made from source, as `[{ path, text }]`. Started by `provision generate`, in the root of the workspace. */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { collectProcessMetrics, declaredMetrics } from '@millrace/observability'
import { defineSettings, generateSettingsDocuments } from '@millrace/service'
import { sourceUrlSetting } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import { portTable, settingsTable } from '../../../infra/local/line/settings-table.mjs'
import { errorsPage } from '../src/translate/errors-page.ts'
import { metricsPage } from '../src/translate/metrics-page.ts'

const load = (pattern) => Promise.all(globSync(pattern).sort().map(async (file) => ({ file, module: await import(resolve(file)) })))

const projectOf = (file) => file.split('/').slice(0, 2).join('/')

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCatalogue = (member) => (value) => isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every((entry) => isRecord(entry) && member in entry && 'remedy' in entry)

/** The catalogues by project; a file of this name without one would leave its codes undocumented. */
const catalogues = (loaded, member) => loaded.map(({ file, module }) => {
  const found = Object.values(module).filter(isCatalogue(member))
  if (found.length !== 1) throw new Error(`${file} exports ${found.length} catalogues, expected one: { <code>: { ${member}, …, remedy } }.`)
  return { project: projectOf(file), codes: found[0] }
})

await load('{apps,libs}/*/src/**/*.{config,settings}.ts')
// The launcher runs before anything is installed, so its tables are plain data that it cannot define by libs/service.
defineSettings(settingsTable, { title: 'Launcher' })
defineSettings(portTable, { title: 'Ports' })
defineSettings(Object.fromEntries(catalogue.streams.map(({ name }) => [name, { env: sourceUrlSetting(name), kind: 'url', optional: true, about: `The address of the source of ${name}, in the place of the declared one.` }])), { title: 'Sources' })
const errors = catalogues(await load('{apps,libs}/*/src/**/*.errors.ts'), 'retry')
const problems = catalogues(await load('{apps,libs}/*/src/**/*.problems.ts'), 'status')
const codesOf = (all, project) => {
  const merged = {}
  for (const { codes } of all.filter((one) => one.project === project)) {
    for (const [code, entry] of Object.entries(codes)) {
      if (code in merged) throw new Error(`${code} stands twice in the catalogues of ${project}: rename one.`)
      merged[code] = entry
    }
  }
  return merged
}
const projects = [...new Set([...errors, ...problems].map(({ project }) => project))]

/** The metrics by the project in whose files they stand; the rest is what Node tells of every worker. */
const metricFiles = globSync('{libs,apps}/*/src/**/*{.signals,-metrics}.ts').sort()
for (const file of metricFiles) await import(resolve(file))
collectProcessMetrics()
const texts = metricFiles.map((file) => ({ project: projectOf(file), text: readFileSync(file, 'utf8') }))
const holderOf = ({ name }) => texts.find(({ text }) => text.includes(`'${name}'`))?.project ?? 'every worker'
const metrics = [...Map.groupBy(declaredMetrics(), holderOf)].map(([project, some]) => ({ project, metrics: some }))
  .sort((a, b) => a.project < b.project ? -1 : 1)

const { envExample, settingsPage } = generateSettingsDocuments()
process.stdout.write(JSON.stringify([
  { path: '.env.example', text: envExample },
  { path: 'docs/settings.md', text: settingsPage },
  { path: 'docs/errors.md', text: errorsPage(projects.map((project) => ({ project, errors: codesOf(errors, project), problems: codesOf(problems, project) }))) },
  { path: 'docs/metrics.md', text: metricsPage(metrics) },
]))
