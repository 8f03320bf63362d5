import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { planHash, windowPlan } from '@millrace/spark-connect'
import { streamLabel } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'

describe('the committed plan', () => {
  it.each(catalogue.streams.map((stream) => [streamLabel(stream), stream] as const))('of %s is the one that the bridge starts', (label, stream) => {
    const committed: unknown = JSON.parse(readFileSync(new URL(`../../../generated/spark/${label}.json`, import.meta.url), 'utf8'))
    const plan = windowPlan(stream)
    expect({ hash: planHash(plan), plan }).toEqual(committed)
  })
})
