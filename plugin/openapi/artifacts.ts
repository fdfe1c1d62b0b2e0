import { readFileSync } from 'node:fs';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import service from '../../serverless.ts';
import type { TencentFunction } from '../service.ts';
import { type DescribedTimer, describeService } from './document.ts';
import { readOutput, readSchemas } from './function-schemas.ts';
import type { DescribedFunction } from './operation.ts';

/** What is generated and checked in: the text of each file, by its path in the project. */
export interface Artifacts {
  'openapi.json': string;
  'client/openapi.d.ts': string;
}

/** The API description of this service and the types of its client, as they should be now: the same every time. */
export const makeArtifacts = async (): Promise<Artifacts> => {
  const functions: DescribedFunction[] = [];
  const timers: DescribedTimer[] = [];
  for (const [name, settings] of Object.entries(service.functions)) {
    if (settings.events.some((event) => 'http' in event)) functions.push(await describeFunction(name, settings));
    else timers.push(await describeTimer(name, settings));
  }
  const { version } = readJson<{ version: string }>('package.json');
  const description = describeService({ title: 'Classroom functions', version, functions, timers });
  const text = `${JSON.stringify(description, null, 2)}\n`;
  return { 'openapi.json': text, 'client/openapi.d.ts': await typesOf(text) };
};

/** Where a file of this project is. */
export const urlOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const readJson = <T>(path: string): T => JSON.parse(readFileSync(urlOf(path), 'utf8'));

const describeFunction = async (name: string, settings: TencentFunction): Promise<DescribedFunction> => {
  const { body } = readJson<{ body: string }>(`test/fixtures/events/${name}.json`);
  return {
    name,
    ...common(settings),
    ...(await readSchemas(name)),
    environment: settings.environment ?? [],
    examples: { request: JSON.parse(body), reply: readJson(`test/fixtures/replies/${name}.json`) },
  };
};

const describeTimer = async (name: string, settings: TencentFunction): Promise<DescribedTimer> => ({
  name,
  ...common(settings),
  schedules: settings.events.flatMap((event) => ('timer' in event ? [event.timer.cron] : [])),
  output: await readOutput(name),
});

const common = ({ description = '', timeout = service.provider.timeout }: TencentFunction) => ({
  summary: description,
  timeoutSeconds: timeout,
});

const typesOf = async (description: string): Promise<string> => {
  // A field with a default may be left out of a request.
  const nodes = await openapiTypescript(JSON.parse(description) as OpenAPI3, { defaultNonNullable: false });
  return `// Made from openapi.json by \`npm run generate:openapi\`.\n\n${astToString(nodes)}`;
};
