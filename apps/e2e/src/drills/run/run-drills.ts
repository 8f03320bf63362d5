import { rmSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Line } from '../../line/line.ts'
import type { Drill } from '../drill.ts'
import { sabotageEngines, sabotageSettings } from '../sabotage.ts'
import { drillLine, removeDrillLine, startDrillLine } from './drill-line.ts'
import type { DrillArguments } from './read-arguments.ts'
import { notRun, runDrill, type DrillReport } from './run-drill.ts'

export type DrillsOptions = Omit<DrillArguments, 'isList' | 'json'> & { readonly say: (text: string) => void }

/** Where something is expected to be lost, nobody waits long for it. */
const sabotagedPatienceMs = 90_000
/** The logs of the line of a drill that failed outlive it, until the next run. */
const keptLogs = ({ state }: Line): string => `${state}-logs`

/** Runs drills one after the other on one line, which is begun anew where a drill needs other settings, or has left it unusable. */
export async function runDrills(drills: readonly Drill[], { ids, say, sabotage, ...options }: DrillsOptions): Promise<DrillReport[]> {
  const chosen = drills.filter(({ id }) => ids.length === 0 || ids.includes(id))
  const reports: DrillReport[] = []
  let line: Line | undefined
  const stop = stopOnSignal(say)
  rmSync(keptLogs(drillLine()), { recursive: true, force: true })
  try {
    for (const drill of chosen) {
      if (stop.asked) break
      const missing = drill.missing?.() ?? null
      if (missing !== null) {
        reports.push(notRun(drill, missing))
        say(`\n${drill.id}  ${drill.title}: not run: ${missing}`)
        continue
      }
      const wanted = drillLine({ ...drill.settings, ...(sabotage !== null && sabotageSettings(sabotage)) })
      if (!line || !isDeepStrictEqual(line.settings, wanted.settings)) {
        say(`\nStarting a line for the drills${Object.keys(drill.settings ?? {}).length > 0 ? ` with ${Object.keys(drill.settings ?? {}).join(', ')}` : ''} …`)
        await startDrillLine(wanted)
        if (sabotage !== null) await sabotageEngines(wanted, sabotage)
        line = wanted
      }
      say(`\n${drill.id}  ${drill.title}\n     breaks:   ${drill.breaks}\n     expects:  ${drill.expects}`)
      const report = await runDrill(drill, line, { ...options, ...(sabotage !== null && { patienceMs: sabotagedPatienceMs }), say: (text) => { say(`     ${text}`) } })
      reports.push(report)
      tell(report, say)
      if (report.outcome === 'broken') cpSync(join(line.state, 'logs'), join(keptLogs(line), drill.id), { recursive: true })
      if (report.outcome === 'broken' || drill.usesUp === true) line = undefined
    }
    return reports
  } finally {
    stop.end()
    await removeDrillLine(drillLine())
  }
}

function tell({ outcome, problems, events, lost, double, recount, seconds }: DrillReport, say: (text: string) => void): void {
  say(`     ${outcome.toUpperCase()} after ${seconds} s: ${events ?? '?'} events, ${lost ?? '?'} lost, ${double ?? '?'} double, recount ${recount ?? '?'}`)
  for (const problem of problems.slice(0, 12)) say(`     ! ${problem}`)
  if (problems.length > 12) say(`     ! and ${problems.length - 12} more`)
}

/** Ctrl-C ends after the drill in hand, whose line is removed; one more ends at once. */
function stopOnSignal(say: (text: string) => void): { readonly asked: boolean; end(): void } {
  let asked = false
  const onSignal = (): void => {
    if (asked) process.exit(130)
    asked = true
    say('\nStopping after this drill; once more stops at once, and leaves the line running (MILLRACE_STATE=.millrace/drill npm run stop).')
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  return { get asked() { return asked }, end: () => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal) } }
}
