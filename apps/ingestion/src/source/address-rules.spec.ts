import { describe, expect, it } from '@jest/globals'
import { addressProblem } from './address-rules.ts'
import { sourceAddress } from './source-address.ts'

const strict = { allowLoopback: false, allowPrivate: false }

describe('addressProblem', () => {
  it.each(['93.184.216.34', '1.1.1.1', '2606:2800:220:1:248:1893:25c8:1946'])('lets %s be a source', (address) => {
    expect(addressProblem(address, strict)).toBeNull()
  })

  it.each(['127.0.0.1', '127.1.2.3', '::1', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', '0.0.0.0', '::', '169.254.169.254', 'fe80::1', '100.64.0.1', '224.0.0.1', 'ff02::1', '255.255.255.255', '::ffff:1.1.1.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', 'not-an-address'])('refuses %s', (address) => {
    expect(addressProblem(address, strict)).not.toBeNull()
  })

  it('lets this machine be a source where the operator allows it, and nothing else with it', () => {
    const loopback = { allowLoopback: true, allowPrivate: false }
    expect(['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1'].map((address) => addressProblem(address, loopback) === null)).toEqual([true, true, false, false, false])
  })

  it('lets private networks be sources where the operator allows them, never the metadata service', () => {
    const own = { allowLoopback: false, allowPrivate: true }
    expect(['172.18.0.3', '127.0.0.1', '169.254.169.254'].map((address) => addressProblem(address, own) === null)).toEqual([true, false, false])
  })
})

describe('sourceAddress', () => {
  const settings = { ...strict, hosts: ['api.example.org', '127.0.0.1:13009', '[::1]:80'] }

  it('takes an address whose host is listed, with or without a port', () => {
    expect(sourceAddress('s', 'https://api.example.org:8443/feed?x=1', settings).href).toBe('https://api.example.org:8443/feed?x=1')
  })

  it.each([
    ['a host that is not listed', 'https://evil.example.org/', /not among MILLRACE_SOURCE_HOSTS/],
    ['another port of a host that is listed with one', 'http://127.0.0.1:1/', /not among/],
    ['a listed name as a part of another', 'https://api.example.org.evil.example/', /not among/],
    ['credentials', 'https://user:pass@api.example.org/', /credentials/],
    ['a listed address of this machine', 'http://127.0.0.1:13009/', /this machine/],
    ['a listed address of this machine, written otherwise', 'http://2130706433:13009/', /this machine/],
    ['another protocol', 'ftp://api.example.org/', /neither http nor https/],
  ])('refuses %s', (_, address, problem) => {
    expect(() => sourceAddress('s', address, settings)).toThrow(expect.objectContaining({ code: 'source_forbidden', retry: 'never', message: expect.stringMatching(problem) }))
  })
})
