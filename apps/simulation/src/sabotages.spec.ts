import { describe, expect, it } from '@jest/globals'
import { sabotages } from './sabotages.ts'
import { simulate } from './simulate.ts'

/** The first seed that notices, or null. */
async function foundBy(sabotage: (typeof sabotages)[number]): Promise<number | null> {
  for (let seed = 1; seed <= sabotage.within; seed += 1) if ((await simulate({ seed, sabotage })).violations.length > 0) return seed
  return null
}

describe('a protection that is taken out is missed', () => {
  it.each(sabotages)('$name: within $within seeds', async (sabotage) => {
    expect(await foundBy(sabotage)).not.toBeNull()
  }, 600_000)
})
