import { useEffect, useRef, type ReactNode } from 'react'
import type { StreamAnswer } from '../api/answers.ts'
import { agoText, durationText } from '../format/duration-text.ts'
import { secondText } from '../format/instant-text.ts'
import { countText, rateText } from '../format/number-text.ts'
import { Facts, type Fact } from './facts.tsx'
import { lagSum, partitionLags } from './lag.ts'
import { ratePerSecond, remember, type Passed, type PassedAt } from './rates.ts'

interface HopsProps {
  readonly stream: StreamAnswer
  /** When these figures were true, by query-api's clock. */
  readonly at: number
  /** How old they have become since. */
  readonly agedMs: number
}

/** The line as the hops it has, with what is known at each. */
export function Hops({ stream, at, agedMs }: HopsProps): ReactNode {
  const { counts, freshness, generation, highestEventTime, watermark, finalUntil } = stream
  const lags = partitionLags(stream)
  const rates = useRates({ fetched: counts.fetched, published: counts.published, stored: lags.reduce((sum, { stored }) => sum + stored, 0) }, at)
  const rate = (name: keyof Passed): string => { const perSecond = ratePerSecond(rates, name); return perSecond === null ? '' : rateText(perSecond) }
  const storedAge = freshness.storedAt === null ? null : at - Date.parse(freshness.storedAt) + agedMs
  return (
    <ol className="hops">
      <Hop name="Source" flow={rate('fetched')} facts={[{ name: 'fetched', value: countText(counts.fetched), means: 'Records that the source returned.' }]} />
      <Hop name="Ingestion" flow={rate('published')} note={stream.paused ? 'Paused: pulls nothing until it is resumed.' : null} facts={[
        { name: 'fresh', value: countText(counts.fresh), means: 'Seen for the first time.' },
        { name: 'repeated', value: countText(counts.repeated), means: 'The event id has been accepted before.' },
        { name: 'rejected', value: countText(counts.rejected), means: 'Unreadable, or against the declaration; kept as dead letters.' },
        { name: 'late', value: countText(counts.late), means: 'Behind the watermark; kept as late events.' },
        { name: 'event time', value: secondText(highestEventTime), means: 'The greatest event time accepted.' },
        { name: 'watermark', value: secondText(watermark), means: 'Events before it are late: the greatest event time less the lateness.' },
      ]} />
      <Hop name="Kafka" flow="" facts={[
        { name: 'published', value: countText(counts.published), means: 'Events on the topic.' },
        ...lags.map(({ partition, published }): Fact => ({ name: `partition ${partition}`, value: countText(published), means: 'The next offset to be published.' })),
      ]} />
      <Hop name="Spark" flow={rate('stored')} facts={[
        { name: 'generation', value: generation === null ? 'none served' : String(generation), means: 'The computation of windows that is served.' },
        { name: 'final until', value: secondText(finalUntil), means: 'Windows that end at or before it do not change any more.' },
        { name: 'still open', value: openSpan(highestEventTime, finalUntil), means: 'Event time between final until and the greatest event time.' },
      ]} />
      <Hop name="Store" facts={[
        { name: 'not stored yet', value: counted(lagSum(lags)), means: 'Published less stored.' },
        ...lags.map(({ partition, stored, lag }): Fact => ({ name: `partition ${partition}`, value: `${countText(stored)}, lag ${countText(lag)}`, means: 'Rows hold every event before this offset.' })),
        { name: 'stored', value: storedAge === null ? 'nothing yet' : agoText(storedAge), means: 'When progress was last stored.' },
        { name: 'rows behind', value: freshness.behindMs === null ? 'unknown' : freshness.behindMs === 0 ? 'nothing missing' : durationText(freshness.behindMs + agedMs), means: 'Nothing while the rows hold everything published, else the age of the last progress.' },
      ]} />
    </ol>
  )
}

interface HopProps {
  readonly name: string
  readonly facts: readonly Fact[]
  /** How many a second leave for the next hop, where that is counted; null for the last hop. */
  readonly flow?: string | null
  readonly note?: string | null
}

const Hop = ({ name, facts, flow = null, note = null }: HopProps): ReactNode => (
  <li>
    <h3>{name}{flow !== null && <span className="flow">{flow}</span>}</h3>
    <Facts facts={facts} />
    {note !== null && <p className="note">{note}</p>}
  </li>
)

const counted = (count: number): string => (count === 0 ? 'nothing' : countText(count))
const openSpan = (highest: string | null, finalUntil: string | null): string => (highest === null || finalUntil === null ? 'unknown' : durationText(Date.parse(highest) - Date.parse(finalUntil)))

/** What had passed at the last looks; kept apart for each stream by the `key` of the component. */
function useRates(passed: Passed, at: number): readonly PassedAt[] {
  const seen = useRef<readonly PassedAt[]>([])
  const isNew = seen.current.at(-1)?.at !== at
  const now = isNew ? remember(seen.current, { at, passed }) : seen.current
  useEffect(() => { seen.current = now })
  return now
}
