import type { TencentFunction, TencentProvider } from './service.ts';

/** What we use of the framework; it ships no types of its plugin interface. */
export interface Serverless {
  serviceDir: string;
  service: {
    service: string;
    provider: TencentProvider;
    getAllFunctions(): string[];
    getFunction(
      name: string,
    ): TencentFunction & { name: string; package?: { artifact?: string; individually?: boolean } };
  };
  processedInput: { options: CliOptions };
  configSchemaHandler: {
    defineProvider(name: string, schemas: { provider: object; function: object }): void;
    defineFunctionEvent(provider: string, event: string, schema: object): void;
  };
  setProvider(name: string, provider: unknown): void;
  classes: { Error: new (message: string, code: string) => Error };
}

export interface CliOptions {
  stage?: string;
  region?: string;
  function?: string;
  path?: string;
  data?: string;
  raw?: boolean;
  env?: string | string[];
  as?: string;
  sign?: boolean;
  dev?: boolean;
}

export interface Utils {
  log: { notice(text: string): void; warning(text: string): void };
  writeText(text: string): void;
}
