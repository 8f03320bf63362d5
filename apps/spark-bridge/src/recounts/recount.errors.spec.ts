import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { recountErrorCodes } from './recount.errors.ts'

describe('the errors of recounts', () => {
  it.each(Object.keys(recountErrorCodes))('%s stands in the README', (code) => {
    expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(`\`${code}\``)
  })
})
