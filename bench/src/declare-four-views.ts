import { join } from 'node:path'
import { editFile } from '@millrace/e2e'

const views = `    'per-30-seconds': {
      summary: 'Prices and volume every thirty seconds by symbol.',
      window: tumbling('30 seconds'),
      by: ['symbol'],
      measures: { ...prices, vwap },
    },
    'five-minutes': {
      summary: 'Prices and volume of the last five minutes by symbol, every minute.',
      window: sliding('5 minutes', { every: '1 minute' }),
      by: ['symbol'],
      measures: { ...prices, vwap },
    },
`

/** Gives trades two more views in a copy of the workspace: four in all, one of them sliding, beside the hidden ledger. */
export function declareFourViews(workspace: string): void {
  const file = join(workspace, 'libs/streams/src/trades.stream.ts')
  editFile(file, 'real, sum, text,', 'real, sliding, sum, text,')
  editFile(file, "    'per-minute': {\n", `${views}    'per-minute': {\n`)
}
