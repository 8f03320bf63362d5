import { getJson } from './get-json.ts'

/** A row of a view as REST answers it. */
export type Row = Readonly<Record<string, string | number | boolean | null>>

/** A page of rows; `next` is what asks for the page after it. */
export interface Page {
  readonly data: readonly Row[]
  readonly page: { readonly next: string | null }
}

export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * All rows of a path in a range of window starts, following the page tokens. A page is smaller than a day of rows on
 * purpose: every read goes over many pages.
 */
export async function readView(queryApi: string, path: string, { from, to }: Range, limit = 100): Promise<Row[]> {
  const rows: Row[] = []
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: String(limit) })
  for (;;) {
    const { data, page } = await getJson<Page>(`${queryApi}${path}?${query.toString()}`)
    rows.push(...data)
    if (page.next === null) return rows
    query.set('cursor', page.next)
  }
}

/** Rows without `final`, which the oracle of windows does not know. */
export const withoutFinal = (rows: readonly Row[]): Row[] => rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'final')))
