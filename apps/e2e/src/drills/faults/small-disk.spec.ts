import { describe, expect, it } from '@jest/globals'
import { mountedUnder, saidByMount } from './small-disk.ts'

const mounts = [
  'proc /proc proc rw 0 0',
  'tmpfs /line/kafka/log tmpfs rw,size=4k 0 0',
  'tmpfs /line/kafka/log/deeper tmpfs rw 0 0',
  'tmpfs /line/kafka/logs tmpfs rw 0 0',
  'tmpfs /a\\040line/spark tmpfs rw 0 0',
  '',
].join('\n')

describe('what is mounted under a folder', () => {
  it('is what lies in it and at it, the last first, and not beside it', () => {
    expect(mountedUnder('/line/kafka/log', mounts)).toEqual(['/line/kafka/log/deeper', '/line/kafka/log'])
    expect(mountedUnder('/line', mounts)).toHaveLength(3)
    expect(mountedUnder('/nowhere', mounts)).toEqual([])
  })

  it('is found in a folder whose name has a blank', () => {
    expect(mountedUnder('/a line', mounts)).toEqual(['/a line/spark'])
  })
})

describe('what mount says', () => {
  it('is told without the command, and without the hint that follows', () => {
    const said = 'Command failed: mount -t tmpfs tmpfs /tmp/x\nmount: /tmp/x: must be superuser to use mount.\n       dmesg(1) may have more information after failed mount system call.\n'
    expect(saidByMount(new Error(said))).toBe('mount: /tmp/x: must be superuser to use mount')
    expect(saidByMount(new Error('spawnSync mount ENOENT'))).toBe('spawnSync mount ENOENT')
  })
})
