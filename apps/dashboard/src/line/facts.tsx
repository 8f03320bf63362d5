import type { ReactNode } from 'react'

export interface Fact {
  readonly name: string
  readonly value: ReactNode
  /** What the name means, where that is not plain. */
  readonly means?: string
}

/** Names with their values. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }): ReactNode => (
  <dl className="facts">
    {facts.map(({ name, value, means }) => <div key={name}><dt title={means}>{name}</dt><dd>{value}</dd></div>)}
  </dl>
)
