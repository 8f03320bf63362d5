import type { Line } from '../../line/line.ts'
import { DrillBench, type BenchOptions, type Recovery } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { Oracle } from '../oracle/oracle.ts'
import type { Verdict } from '../oracle/verdict.ts'

export interface DrillReport extends Partial<Verdict> {
  readonly id: string
  readonly title: string
  readonly outcome: 'kept' | 'broken' | 'not run'
  readonly why: string | null
  readonly problems: readonly string[]
  readonly recoveries: readonly Recovery[]
  readonly seconds: number
}

export type DrillOptions = Omit<BenchOptions, 'line'>

/** Runs one drill on a line that is at rest, and judges it. Whatever goes wrong is in the report: it does not throw. */
export async function runDrill(drill: Drill, line: Line, options: DrillOptions): Promise<DrillReport> {
  const begun = Date.now()
  const { id, title } = drill
  const bench = new DrillBench({ line, ...options })
  const told = () => ({ id, title, recoveries: bench.recoveries, seconds: Math.round((Date.now() - begun) / 1_000) })
  try {
    const oracle = new Oracle(line)
    await oracle.begin()
    await bench.traffic.begin()
    try {
      await drill.run(bench)
      await bench.traffic.end()
    } finally {
      await bench.close()
    }
    const verdict = await oracle.judge(bench.added)
    const problems = [...bench.problems, ...verdict.problems]
    return { ...told(), ...verdict, problems, outcome: problems.length === 0 ? 'kept' : 'broken', why: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ...told(), problems: [...bench.problems, why], outcome: 'broken', why }
  }
}

export const notRun = ({ id, title }: Drill, why: string): DrillReport => ({ id, title, outcome: 'not run', why, problems: [], recoveries: [], seconds: 0 })
