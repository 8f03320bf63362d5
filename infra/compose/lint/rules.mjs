import { secretIn } from './secret-texts.mjs'

const loopback = new Set(['127.0.0.1', '::1'])
const limit = (service, name, short) => service.deploy?.resources?.limits?.[name] ?? service[short]
const shared = ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode']

/** A service that others wait for to end has no health; every other one has. */
const isOneShot = (name, model) => Object.values(model.services).some(({ depends_on: needs = {} }) => needs[name]?.condition === 'service_completed_successfully')

/** Every text of a service that `docker inspect` shows, with the name under which it stands. */
const textsOf = (service) => [
  ...Object.entries(service.environment ?? {}).map(([name, value]) => [`environment.${name}`, value ?? '', name]),
  ...Object.entries(service.build?.args ?? {}).map(([name, value]) => [`build.args.${name}`, value ?? '', name]),
  ...Object.entries(service.labels ?? {}).map(([name, value]) => [`labels.${name}`, value ?? '', name]),
  ...['command', 'entrypoint'].flatMap((where) => [service[where] ?? []].flat().map((value) => [where, value])),
  ...[service.healthcheck?.test ?? []].flat().map((value) => ['healthcheck.test', value]),
]

/** `registry.example:5000/name:tag@sha256:…` in its parts. */
const tagOf = (image = '') => /^(?:.*\/)?[^/:@]+(?::([^@]+))?(@sha256:[0-9a-f]{64})?$/.exec(image)

/**
 * What must hold for each service, by the number of the requirement: S13 loopback, S14 no secrets, S22 hardening.
 * `found` answers what is wrong, in words, or nothing.
 */
export const rules = [
  { id: 'S22 user', cure: 'Set user: to the numeric, non-root user of the image.', found: ({ user }) => /^[1-9]\d*(:\d+)?$/.test(String(user ?? '')) ? [] : [`user is ${user ?? 'not set'}`] },
  { id: 'S22 read-only', cure: 'Set read_only: true, and give what must be written a volume or a tmpfs.', found: ({ read_only: isReadOnly }) => isReadOnly === true ? [] : ['the root is writable'] },
  {
    id: 'S22 capabilities', cure: 'Set cap_drop: [ALL] and no cap_add.',
    found: ({ cap_drop: drop = [], cap_add: add = [] }) => [...drop.includes('ALL') ? [] : ['cap_drop has no ALL'], ...add.map((one) => `cap_add has ${one}`)],
  },
  {
    id: 'S22 privileges', cure: 'Set security_opt: [no-new-privileges:true] and nothing else of the kind.',
    found: ({ security_opt: options = [], privileged = false, devices = [] }) => [
      ...options.some((one) => /^no-new-privileges([:=]true)?$/.test(one)) ? [] : ['no-new-privileges is not set'],
      ...options.filter((one) => /unconfined|disable/.test(one)).map((one) => `security_opt has ${one}`),
      ...privileged ? ['it is privileged'] : [],
      ...devices.map((one) => `it has the device ${one.source ?? one}`),
    ],
  },
  {
    id: 'S22 host', cure: 'Leave it out: services reach each other by name over the networks of the file.',
    found: (service) => shared.filter((name) => String(service[name] ?? '').startsWith('host')).map((name) => `${name} is host`),
  },
  {
    id: 'S22 limits', cure: 'Set limits of memory, cpus and pids.',
    found: (service) => [['memory', 'mem_limit'], ['cpus', 'cpus'], ['pids', 'pids_limit']]
      .filter(([name, short]) => !(Number.parseFloat(limit(service, name, short)) > 0)).map(([name]) => `no limit of ${name}`),
  },
  {
    id: 'S22 health', cure: 'Give it a healthcheck; a service that ends is waited for by service_completed_successfully.',
    found: ({ healthcheck }, name, model) => isOneShot(name, model) || (healthcheck?.test?.length > 0 && healthcheck.test[0] !== 'NONE' && healthcheck.disable !== true) ? [] : ['no health check'],
  },
  {
    id: 'S22 mounts', cure: 'Mount files of this folder read_only; never the socket of the engine, whose holder is root.',
    found: ({ volumes = [] }) => volumes.flatMap(({ type, source = '', target = '', read_only: isReadOnly }) => [
      ...[source, target].some((path) => /(docker|containerd|podman)\.sock$|^\/(var\/)?run\/?$/.test(path)) ? [`${source} is the engine's socket`] : [],
      ...type === 'bind' && isReadOnly !== true ? [`${source} of the host is writable at ${target}`] : [],
      ...type === 'bind' && source === '/' ? ['the whole host is mounted'] : [],
    ]),
  },
  {
    id: 'S13 ports', cure: 'Publish on 127.0.0.1: "127.0.0.1:<port>:<port>".',
    found: ({ ports = [] }) => ports.filter(({ host_ip: address }) => !loopback.has(address)).map(({ target, published, host_ip: address }) => `port ${target} is published on ${address ?? 'every address'}:${published ?? '?'}`),
  },
  {
    id: 'S14 secrets', cure: 'Give the service a file with the secret, and the path of the file.',
    found: (service) => textsOf(service).flatMap(([where, value, name]) => {
      const what = secretIn(String(value), name)
      return what === undefined ? [] : [`${where} holds ${what}`]
    }),
  },
  {
    id: 'S23 image', cure: 'Name the image with the tag of one version, or with its digest.',
    // What is built here has no version but this one.
    found: ({ image, build }) => {
      const [whole, tag, digest] = tagOf(image) ?? []
      if (whole === undefined) return [`the image is ${image ?? 'not named'}`]
      return build === undefined && digest === undefined && (tag === undefined || !/\d/.test(tag)) ? [`${image} moves: its tag is ${tag ?? 'latest'}`] : []
    },
  },
]

/** What must hold for the file as a whole. */
export const fileRules = [
  {
    id: 'S14 secrets', cure: 'Take it from a file: secrets.<name>.file.',
    found: ({ secrets = {}, configs = {} }) => [
      ...Object.entries(secrets).filter(([, { file, external }]) => file === undefined && external !== true).map(([name]) => [`secrets.${name}`, 'is no file']),
      ...Object.entries(configs).filter(([name, { content = '' }]) => secretIn(content, name) !== undefined).map(([name, { content }]) => [`configs.${name}`, `holds ${secretIn(content, name)}`]),
    ],
  },
  {
    id: 'S22 services', cure: 'Render the file with all its profiles.',
    found: ({ services = {} }) => Object.keys(services).length > 0 ? [] : [['services', 'are none']],
  },
]
