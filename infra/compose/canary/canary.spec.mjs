import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { looseEnds, openPorts } from './containment.mjs'
import { leaksIn } from './leaks.mjs'

const password = { name: 'cassandra-admin', value: 'q7Jk2mNp-4Rt6Vx8Zb1Dd3Ff5Hh' }
const key = { name: 'read', value: 'read.w9Xy2Za4-Bc6De8Fg1Hi3Jk5Lm' }
const found = (text) => leaksIn([{ where: 'a log', text }], [password, key])

describe('a leak', () => {
  it('is found wherever the secret stands, and told without it', () => {
    assert.deepEqual(found(`before ${password.value} after`), ['a log shows cassandra-admin'])
    assert.deepEqual(found(`Bearer ${key.value}`), ['a log shows read'])
    assert.deepEqual(leaksIn([{ where: 'here', text: password.value }, { where: 'there', text: 'nothing' }], [password, key]), ['here shows cassandra-admin'])
  })

  it('is found without the public part of a key, and in base 64', () => {
    assert.deepEqual(found(key.value.slice('read.'.length)), ['a log shows read'])
    assert.deepEqual(found(Buffer.from(password.value).toString('base64')), ['a log shows cassandra-admin'])
  })

  it('is none where no secret stands', () => {
    assert.deepEqual(found(`cassandra-admin read ${password.value.slice(0, -1)}`), [])
    assert.throws(() => leaksIn([], [{ name: 'short', value: 'abc' }]), /would be found by chance/)
  })
})

const status = (change = {}) => Object.entries({ Uid: '10001\t10001\t10001\t10001', CapPrm: '0000000000000000', CapEff: '0000000000000000', CapBnd: '0000000000000000', CapAmb: '0000000000000000', NoNewPrivs: '1', Seccomp: '2', ...change }).map(([name, value]) => `${name}:\t${value}`).join('\n')
const contained = { status: status(), users: ['10001', '10001'], write: "touch: cannot touch '/millrace-canary': Read-only file system\n" }

describe('a container', () => {
  it('is contained when the kernel says so', () => assert.deepEqual(looseEnds(contained), []))

  for (const [change, what] of [
    [{ status: status({ Uid: '10001\t0\t10001\t10001' }) }, 'its first process has the users 10001, 0, 10001, 10001'],
    [{ users: ['10001', '0'] }, 'a process of it is root'],
    [{ users: ['root'] }, 'a process of it is root'],
    [{ status: status({ CapEff: '0000000000000400' }) }, 'it has capabilities: CapEff is 0000000000000400'],
    [{ status: status({ CapBnd: '00000000a80425fb' }) }, 'it has capabilities: CapBnd is 00000000a80425fb'],
    [{ status: status({ NoNewPrivs: '0' }) }, 'it may get privileges: NoNewPrivs is not 1'],
    [{ status: status({ Seccomp: '0' }) }, 'no system call is filtered: Seccomp is not 2'],
    [{ write: '' }, "its root is not read-only: writing to it said ''"],
    [{ write: 'touch: Permission denied' }, "its root is not read-only: writing to it said 'touch: Permission denied'"],
  ]) {
    it(`is not: ${what}`, () => assert.deepEqual(looseEnds({ ...contained, ...change }), [what]))
  }

  it('is not when what it says cannot be read', () => assert.ok(looseEnds({ ...contained, status: '' }).length > 5))

  it('is reached from this machine alone', () => {
    const ports = (bindings) => ({ NetworkSettings: { Ports: { '13000/tcp': bindings, '9/tcp': null } } })
    assert.deepEqual(openPorts(ports([{ HostIp: '127.0.0.1', HostPort: '13000' }])), [])
    assert.deepEqual(openPorts(ports([{ HostIp: '0.0.0.0', HostPort: '13000' }])), ['port 13000/tcp is published on 0.0.0.0:13000'])
  })
})
