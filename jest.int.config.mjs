import { fileURLToPath } from 'node:url'
import unit from './jest.config.mjs'

const engines = (name) => fileURLToPath(new URL(`infra/compose/test-engines/${name}`, import.meta.url))

/** Tests against real engines, one file at a time: they share two cores with Kafka, Cassandra and Spark. */
export default {
  ...unit,
  // The launcher's engines, or containers: MILLRACE_TEST_ENGINES=native|containers.
  globalSetup: engines('jest-setup.mjs'),
  globalTeardown: engines('jest-teardown.mjs'),
  testMatch: ['<rootDir>/src/**/*.int.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}
