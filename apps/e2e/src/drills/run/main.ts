/** `npm run drill`: breaks a line of its own in every way that docs/delivery.md lists, and says whether the promise was kept. */
import { writeFileSync } from 'node:fs'
import { configureLog } from '@millrace/observability'
import { drills } from '../catalogue/drills.ts'
import { drillTable } from './drill-table.ts'
import { drillUsage, readArguments } from './read-arguments.ts'
import { runDrills } from './run-drills.ts'

configureLog({ app: 'drill', level: 'error' })

try {
  const { isList, json, ...options } = readArguments(process.argv.slice(2), drills.map(({ id }) => id))
  if (isList) {
    for (const { id, title, breaks, expects, protects } of drills) console.log(`${id}  ${title}\n     breaks:   ${breaks}\n     expects:  ${expects}\n     protects: ${protects}`)
    console.log(`\n${drillUsage}`)
  } else {
    const reports = await runDrills(drills, { ...options, say: (text) => { console.log(text) } })
    console.log(`\n${drillTable(reports)}`)
    if (json !== null) writeFileSync(json, `${JSON.stringify(reports, null, 2)}\n`)
    const broken = reports.filter(({ outcome }) => outcome === 'broken')
    console.log(`\n${reports.filter(({ outcome }) => outcome === 'kept').length} kept, ${broken.length} broken, ${reports.filter(({ outcome }) => outcome === 'not run').length} not run. Seed ${options.seed}.`)
    process.exitCode = broken.length > 0 ? 1 : 0
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
