/** The addresses of the services that `npm test` starts for the tests. */

export const testDatabaseUrl = (): string => given('TEST_DATABASE_URL');
export const testAmqpUrl = (): string => given('TEST_AMQP_URL');
/** The management API, with user and password. */
export const testManagementUrl = (): string => given('TEST_AMQP_MANAGEMENT_URL');

function given(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new Error(`${name} is not set: run this suite with \`npm test\`, which starts services`);
}
