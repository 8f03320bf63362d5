import { BlockList, isIP } from 'node:net'
import type { SourceSettings } from '../ingestion.config.ts'

function blockList(...subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [address = '', prefix] = subnet.split('/')
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

const loopback = blockList('127.0.0.0/8', '::1/128')
const ownNetworks = blockList('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')

/** Never a source: this network, shared, link-local with the clouds' metadata services, documentation, tests, multicast, reserved, translated. */
const never = blockList(
  '0.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '::/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', 'fe80::/10', 'fec0::/10', 'ff00::/8',
)

/** Apart from the others: Node takes every IPv4 address for a member of this one. */
const mapped = blockList('::ffff:0:0/96')

/** Why a source may not be at this address, or null. Asked for the resolved address, when connecting. */
export function addressProblem(address: string, { allowLoopback, allowPrivate }: Pick<SourceSettings, 'allowLoopback' | 'allowPrivate'>): string | null {
  const family = isIP(address)
  if (family === 0) return `${address} is no address`
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (type === 'ipv6' && mapped.check(address, type)) return 'it is an IPv4-mapped address'
  if (loopback.check(address, type)) return allowLoopback ? null : 'it is this machine itself (MILLRACE_SOURCE_ALLOW_LOOPBACK allows that for development)'
  if (ownNetworks.check(address, type)) return allowPrivate ? null : 'it is a private address (MILLRACE_SOURCE_ALLOW_PRIVATE allows that)'
  return never.check(address, type) ? 'it is link-local, multicast, reserved or a metadata service' : null
}
