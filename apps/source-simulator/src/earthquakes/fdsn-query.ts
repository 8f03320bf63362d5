/** The parameters we simulate of https://earthquake.usgs.gov/fdsnws/event/1/, with the service's own defaults filled in. */
export interface FdsnQuery {
  /** Inclusive, epoch milliseconds. */
  readonly starttime: number
  /** Inclusive. */
  readonly endtime: number
  /** Exclusive. */
  readonly updatedafter: number
  readonly minmagnitude: number
  readonly orderby: 'time' | 'time-asc'
  readonly limit: number
  /** Counted from one. */
  readonly offset: number
  /** What was given of limit and offset: the answer repeats it. */
  readonly given: { readonly limit?: number, readonly offset?: number }
}

/** A parameter is wrong; the message is what the service's plain text says. */
export class FdsnRefusal extends Error {
  override readonly name = 'FdsnRefusal'
}

const maxLimit = 20_000
const thirtyDays = 30 * 86_400_000
const known = ['format', 'starttime', 'endtime', 'updatedafter', 'minmagnitude', 'orderby', 'limit', 'offset'] as const
type Name = (typeof known)[number]

/** Reads a query string, already split into names and values. Throws FdsnRefusal for the first parameter that is wrong. */
export function parseFdsnQuery(raw: Readonly<Record<string, unknown>>, now: number): FdsnQuery {
  for (const name of Object.keys(raw)) if (!known.includes(name as Name)) throw new FdsnRefusal(`Unknown parameter "${name}".`)
  const text = (name: Name): string | undefined => {
    const value = raw[name]
    if (value === undefined || typeof value === 'string') return value
    throw new FdsnRefusal(`Parameter "${name}" may be given only once.`)
  }
  if (text('format') !== 'geojson') throw new FdsnRefusal(`Bad format value "${text('format') ?? ''}". This service simulates only "geojson".`)
  const limit = whole('limit', text('limit'), maxLimit)
  const offset = whole('offset', text('offset'), Number.MAX_SAFE_INTEGER)
  return {
    starttime: instant('starttime', text('starttime')) ?? now - thirtyDays,
    endtime: instant('endtime', text('endtime')) ?? now,
    updatedafter: instant('updatedafter', text('updatedafter')) ?? -Infinity,
    minmagnitude: decimal('minmagnitude', text('minmagnitude')) ?? -Infinity,
    orderby: order(text('orderby')),
    limit: limit ?? maxLimit,
    offset: offset ?? 1,
    given: { ...limit === undefined ? {} : { limit }, ...offset === undefined ? {} : { offset } },
  }
}

function order(value = 'time'): 'time' | 'time-asc' {
  if (value === 'time' || value === 'time-asc') return value
  throw new FdsnRefusal(`Bad orderby value "${value}". Valid values are: "time", "time-asc".`)
}

function whole(name: Name, value: string | undefined, max: number): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (/^\d{1,16}$/.test(value) && number >= 1 && number <= max) return number
  throw new FdsnRefusal(`Bad ${name} value "${value}". Valid values are whole numbers from 1${max === maxLimit ? ` to ${max}` : ''}.`)
}

function decimal(name: Name, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  throw new FdsnRefusal(`Bad ${name} value "${value}". Valid values are numbers.`)
}

const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/

/** ISO 8601; without a zone it is UTC, and a plus that arrived as a space is a plus. */
function instant(name: Name, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const [, date, time = '00:00', zone = 'Z'] = iso.exec(value.replace(/ (\d{2}:\d{2})$/, '+$1')) ?? iso.exec(value) ?? []
  const parsed = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone}`)
  if (!Number.isNaN(parsed)) return parsed
  throw new FdsnRefusal(`Bad ${name} value "${value}". Valid values are ISO-8601 timestamps.`)
}
