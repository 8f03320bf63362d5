import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../../line/places.ts'
import { drills } from './drills.ts'

describe('the drills', () => {
  it('have each an id of its own', () => {
    expect(new Set(drills.map(({ id }) => id)).size).toBe(drills.length)
  })

  it('stand each in docs/delivery.md, and no other', () => {
    const page = readFileSync(join(workspaceRoot, 'docs/delivery.md'), 'utf8')
    const listed = [...page.matchAll(/^\| (F\d\d) \|/gm)].map(([, id]) => id)
    expect(listed).toEqual(drills.map(({ id }) => id).sort())
  })
})
