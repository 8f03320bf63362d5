import unit from './jest.config.mjs'

/** Tests against real engines, one file at a time: they share two cores with Kafka, Cassandra and Spark. */
export default {
  ...unit,
  testMatch: ['<rootDir>/src/**/*.int.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}
