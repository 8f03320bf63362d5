import type { TopicSpec } from './topic-specs.ts'

/** A topic as it is. */
export interface TopicDescription {
  readonly topic: string
  readonly partitions: number
  /** Every setting in force. */
  readonly config: Readonly<Record<string, string>>
  /** Those set on the topic itself. */
  readonly ownConfig: Readonly<Record<string, string>>
}

/** What must happen to a topic. `config` of `configure` is complete: the broker replaces all that is set. */
export type TopicChange =
  | { readonly kind: 'create'; readonly topic: string; readonly partitions: number; readonly config: Readonly<Record<string, string>> }
  | { readonly kind: 'configure'; readonly topic: string; readonly config: Readonly<Record<string, string>>; readonly differs: readonly string[] }
  | { readonly kind: 'refused'; readonly topic: string; readonly found: number; readonly declared: number }

/** The changes that turn what is into what must be. Topics that are not declared are left alone. */
export function planTopics(specs: readonly TopicSpec[], found: readonly TopicDescription[]): TopicChange[] {
  return specs.flatMap((spec): TopicChange[] => {
    const { topic, partitions, config } = spec
    const existing = found.find((description) => description.topic === topic)
    if (!existing) return [{ kind: 'create', topic, partitions, config }]
    if (existing.partitions !== partitions) return [{ kind: 'refused', topic, found: existing.partitions, declared: partitions }]
    const differs = Object.keys(config).filter((name) => existing.config[name] !== config[name])
    return differs.length > 0 ? [{ kind: 'configure', topic, config: { ...existing.ownConfig, ...config }, differs }] : []
  })
}
