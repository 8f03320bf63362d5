import { describe, expect, it } from '@jest/globals'
import { realpathSync } from 'node:fs'
import { startedLike } from './started-like.ts'

describe('startedLike', () => {
  it('knows of a process what it takes to start another like it', () => {
    const { args, cwd, env } = startedLike(process.pid)
    expect(args.some((arg) => arg.includes('jest'))).toBe(true)
    expect(cwd).toBe(realpathSync(process.cwd()))
    expect(env['PATH']).toMatch(/bin/)
  })
})
