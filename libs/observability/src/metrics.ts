import { collectDefaultMetrics, Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram, Registry } from 'prom-client'
import { ObservabilityError } from './observability.errors.ts'

export interface MetricSpec {
  /** `millrace_<what>_<unit>`; a counter ends in `_total`. */
  readonly name: string
  readonly help: string
  /** Names of fields. Only fields with few values: each combination is a time series. */
  readonly labels?: readonly string[]
}

export interface HistogramSpec extends MetricSpec {
  /** Upper bounds, in the unit of the name. */
  readonly buckets?: readonly number[]
}

type Labels = Record<string, string | number>

export interface Counter { add(by?: number, labels?: Labels): void }
export interface Gauge { set(value: number, labels?: Labels): void, remove(labels?: Labels): void, reset(): void }
export interface Histogram { observe(value: number, labels?: Labels): void }

const registry = new Registry()
const known = new Map<string, { kind: string, shape: string, metric: unknown }>()

/** What Prometheus reads at `/metrics`. */
export async function metricsText(): Promise<string> {
  return registry.metrics()
}

/** The content type of `metricsText`. */
export const metricsContentType = registry.contentType

/** A metric as it was declared, whether or not it has had a value yet. */
export interface DeclaredMetric {
  readonly name: string
  readonly kind: string
  readonly help: string
  readonly labels: readonly string[]
}

/** Every metric of this process, in the order of the names. docs/metrics.md is generated from it. */
export function declaredMetrics(): DeclaredMetric[] {
  return registry.getMetricsAsArray()
    .map((metric) => metric as unknown as { name: string; type: string; help: string; labelNames?: readonly string[] })
    .map(({ name, type, help, labelNames = [] }) => ({ name, kind: type, help, labels: [...labelNames] }))
    .sort((a, b) => a.name < b.name ? -1 : 1)
}

/** Adds what Node knows of the process: CPU, memory, event loop lag. Once for a process. */
export function collectProcessMetrics(): void {
  if (registry.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics({ register: registry })
}

/** A number that only grows. Asking twice for the same one answers the same one. */
export function counter(spec: MetricSpec): Counter {
  return once('counter', spec, () => {
    const metric = new PromCounter({ ...promSpec(spec), registers: [registry] })
    return { add: (by = 1, labels = {}) => { metric.inc(labels, by) } }
  })
}

/** A number that goes up and down. */
export function gauge(spec: MetricSpec): Gauge {
  return once('gauge', spec, () => {
    const metric = new PromGauge({ ...promSpec(spec), registers: [registry] })
    return {
      set: (value, labels = {}) => { metric.set(labels, value) },
      remove: (labels = {}) => { metric.remove(labels) },
      reset: () => { metric.reset() },
    }
  })
}

/** How values spread, in buckets. */
export function histogram(spec: HistogramSpec): Histogram {
  return once('histogram', spec, () => {
    const buckets = spec.buckets === undefined ? {} : { buckets: [...spec.buckets] }
    const metric = new PromHistogram({ ...promSpec(spec), ...buckets, registers: [registry] })
    return { observe: (value, labels = {}) => { metric.observe(labels, value) } }
  })
}

function promSpec({ name, help, labels = [] }: MetricSpec): { name: string, help: string, labelNames: string[] } {
  if (!/^millrace_[a-z0-9_]+$/.test(name)) {
    throw new ObservabilityError('metric_name_refused', `The metric '${name}' is not named like a metric of ours.`, 'Write millrace_<what>_<unit> in lower case.')
  }
  return { name, help, labelNames: [...labels] }
}

function once<Metric>(kind: string, spec: HistogramSpec, make: () => Metric): Metric {
  const shape = JSON.stringify([spec.help, spec.labels ?? [], spec.buckets ?? []])
  const before = known.get(spec.name)
  if (before === undefined) {
    const metric = make()
    known.set(spec.name, { kind, shape, metric })
    return metric
  }
  if (before.kind !== kind || before.shape !== shape) {
    throw new ObservabilityError('metric_declared_twice', `The metric '${spec.name}' is declared twice, as a ${before.kind} ${before.shape} and as a ${kind} ${shape}.`, 'Give one of them another name.')
  }
  return before.metric as Metric
}
