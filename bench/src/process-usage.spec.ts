import { execFileSync, spawn } from 'node:child_process'
import { expect, it } from '@jest/globals'
import { treeMemory, treeUsage } from './process-usage.ts'

it('counts a child that has ended and one that runs', async () => {
  const before = treeUsage(process.pid)
  execFileSync('sh', ['-c', 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'])
  const ended = treeUsage(process.pid)
  expect(ended.cpuSeconds).toBeGreaterThan(before.cpuSeconds + 0.05)

  const child = spawn('sleep', ['60'])
  try {
    expect(treeUsage(process.pid).rssBytes).toBeGreaterThan(treeUsage(child.pid ?? 0).rssBytes)
    expect(treeUsage(child.pid ?? 0).rssBytes).toBeGreaterThan(0)
  } finally {
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
  }
})

it('counts memory that two processes share once', async () => {
  const alone = treeMemory(process.pid)
  const child = spawn(process.execPath, ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(treeMemory(process.pid)).toBeGreaterThan(alone * 0.9)
    expect(treeMemory(child.pid ?? 0)).toBeLessThan(treeUsage(child.pid ?? 0).rssBytes)
  } finally {
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
  }
})

it('is nothing for a process that is not there', () => {
  expect(treeUsage(2 ** 22 + 1)).toEqual({ cpuSeconds: 0, rssBytes: 0 })
  expect(treeMemory(2 ** 22 + 1)).toBe(0)
})
