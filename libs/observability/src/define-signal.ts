import { log, type Level } from './log.ts'
import { counter, gauge, histogram, type HistogramSpec, type MetricSpec } from './metrics.ts'
import { ObservabilityError } from './observability.errors.ts'

/** A metric of a signal; `value` names the field with the number. Without it a counter adds one. */
export type CounterOfSignal = MetricSpec & { readonly value?: string }
export type GaugeOfSignal = MetricSpec & { readonly value: string }
export type HistogramOfSignal = HistogramSpec & { readonly value: string }

export interface SignalSpec {
  readonly level: Level
  /** A sentence; `{field}` stands for a field's value. */
  readonly text: string
  readonly counter?: CounterOfSignal
  readonly gauge?: GaugeOfSignal
  readonly histogram?: HistogramOfSignal
}

/** Says that it happened: writes the line and moves the metrics. Never throws, whatever the fields hold. */
export type Signal = (fields?: Record<string, unknown>) => void

const names = new Set<string>()

/**
 * One thing that can happen in a worker: one log line and its metrics, declared together under one name.
 * Nothing else logs. Once per batch, never per event.
 */
export function defineSignal(name: string, spec: SignalSpec): Signal {
  if (names.has(name)) throw new ObservabilityError('signal_declared_twice', `The signal '${name}' is declared twice.`, 'Give one of them another name.')
  names.add(name)
  const move = metricsOf(spec)
  return (fields = {}) => {
    for (const metric of move) metric(fields)
    log(spec.level, name, spec.text, fields)
  }
}

function metricsOf(spec: SignalSpec): Signal[] {
  const moves: ((fields: Record<string, unknown>) => void)[] = []
  if (spec.counter !== undefined) {
    const { value, ...rest } = spec.counter
    const metric = counter(rest)
    moves.push((fields) => { withNumber(value === undefined ? 1 : fields[value], (by) => { if (by >= 0) metric.add(by, labelsOf(rest, fields)) }) })
  }
  if (spec.gauge !== undefined) {
    const { value, ...rest } = spec.gauge
    const metric = gauge(rest)
    moves.push((fields) => { withNumber(fields[value], (to) => { metric.set(to, labelsOf(rest, fields)) }) })
  }
  if (spec.histogram !== undefined) {
    const { value, ...rest } = spec.histogram
    const metric = histogram(rest)
    moves.push((fields) => { withNumber(fields[value], (seen) => { metric.observe(seen, labelsOf(rest, fields)) }) })
  }
  return moves as Signal[]
}

function withNumber(value: unknown, use: (number: number) => void): void {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) use(number)
}

function labelsOf({ labels = [] }: MetricSpec, fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(labels.map((label) => [label, labelOf(fields[label])]))
}

function labelOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? value.toString() : 'none'
}
