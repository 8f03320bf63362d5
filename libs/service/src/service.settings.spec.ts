import { describe, expect, it } from '@jest/globals'
import { isLoopback, readServiceSettings } from './service.settings.ts'

describe('readServiceSettings', () => {
  it('reads openly on loopback by default', () => {
    expect(readServiceSettings({})).toMatchObject({ host: '127.0.0.1', read: 'open', logLevel: 'info' })
  })

  it('refuses open reading on an address that others can reach', () => {
    expect(() => readServiceSettings({ MILLRACE_HTTP_HOST: '0.0.0.0' })).toThrow("MILLRACE_READ is 'open' while MILLRACE_HTTP_HOST is '0.0.0.0', which others can reach. Set MILLRACE_READ=key")
    expect(readServiceSettings({ MILLRACE_HTTP_HOST: '0.0.0.0', MILLRACE_READ: 'key' }).host).toBe('0.0.0.0')
    expect(readServiceSettings({ MILLRACE_HTTP_HOST: '0.0.0.0', MILLRACE_READ: 'key' }).read).toBe('key')
  })

  it('opens reading on such an address to everybody who can reach it when that is said', () => {
    expect(readServiceSettings({ MILLRACE_HTTP_HOST: '0.0.0.0', MILLRACE_READ: 'everybody' }).read).toBe('open')
  })
})

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('takes %s for loopback', (host) => { expect(isLoopback(host)).toBe(true) })
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', '1127.0.0.1', 'localhost.example', ''])('takes %j for reachable', (host) => { expect(isLoopback(host)).toBe(false) })
})
