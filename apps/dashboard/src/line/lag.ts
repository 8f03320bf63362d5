import type { StreamAnswer } from '../api/answers.ts'

export interface PartitionLag {
  readonly partition: string
  readonly published: number
  readonly stored: number
  readonly lag: number
}

/** What is published and stored of each partition, in their order: that of whole numbers as names. */
export const partitionLags = ({ offsets: { published, stored }, lag }: Pick<StreamAnswer, 'offsets' | 'lag'>): readonly PartitionLag[] =>
  Object.keys(published).map((partition) => ({ partition, published: published[partition] ?? 0, stored: stored[partition] ?? 0, lag: lag[partition] ?? 0 }))

export const lagSum = (lags: readonly PartitionLag[]): number => lags.reduce((sum, { lag }) => sum + lag, 0)
