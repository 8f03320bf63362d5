const field = (status, name) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.split(/\s+/)

/**
 * What is wrong with a running container, as the kernel tells it: `status` is /proc/1/status inside of it, `users` are those of
 * all its processes, `write` is what root was told who tried to write to its root.
 */
export const looseEnds = ({ status, users, write }) => [
  ...field(status, 'Uid')?.every((id) => Number(id) > 0) === true ? [] : [`its first process has the users ${field(status, 'Uid')?.join(', ') ?? 'unknown'}`],
  ...users.filter((id) => id === '0' || id === 'root').length === 0 ? [] : ['a process of it is root'],
  ...['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].filter((name) => !/^0+$/.test(field(status, name)?.[0] ?? '')).map((name) => `it has capabilities: ${name} is ${field(status, name)?.[0] ?? 'unknown'}`),
  ...field(status, 'NoNewPrivs')?.[0] === '1' ? [] : ['it may get privileges: NoNewPrivs is not 1'],
  ...field(status, 'Seccomp')?.[0] === '2' ? [] : ['no system call is filtered: Seccomp is not 2'],
  ...write.includes('Read-only file system') ? [] : [`its root is not read-only: writing to it said '${write.trim()}'`],
]

/** Ports of a container that others than this machine can reach, by `docker inspect`. */
export const openPorts = ({ NetworkSettings: { Ports: ports } }) => Object.entries(ports ?? {}).flatMap(([port, bindings]) =>
  (bindings ?? []).filter(({ HostIp: address }) => address !== '127.0.0.1' && address !== '::1').map(({ HostIp: address, HostPort: published }) => `port ${port} is published on ${address}:${published}`))
