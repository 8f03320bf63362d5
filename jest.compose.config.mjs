import unit from './jest.config.mjs'

/** Tests against the line in containers; infra/compose/test.mjs sees to Docker and to the images. */
export default {
  ...unit,
  testMatch: ['<rootDir>/src/**/*.compose.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}
