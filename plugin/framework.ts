import type { TencentCustom, TencentFunction, TencentProvider } from './service.ts';

/** What we use of the framework; it ships no types of its plugin interface. */
export interface Serverless {
  serviceDir: string;
  service: {
    service: string;
    provider: TencentProvider;
    custom?: TencentCustom;
    functions?: Record<string, TencentFunction>;
    getAllFunctions(): string[];
    getFunction(
      name: string,
    ): TencentFunction & { name: string; package?: { artifact?: string; individually?: boolean } };
  };
  processedInput: { options: CliOptions };
  configSchemaHandler: {
    defineProvider(name: string, schemas: { provider: object; function: object }): void;
    defineCustomProperties(schema: object): void;
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
  'dry-run'?: boolean;
  endpoint?: string;
  yes?: boolean;
  qualifier?: string;
  type?: string;
  log?: boolean;
  tail?: boolean;
  interval?: string;
  startTime?: string;
  filter?: string;
  platform?: boolean;
  again?: boolean;
}

export interface Utils {
  log: { notice(text: string): void; warning(text: string): void };
  writeText(text: string): void;
}

/** What the framework asks the source of a variable for: `${source:address}`. */
export interface VariableRequest {
  address: string;
  options: CliOptions;
  resolveConfigurationProperty(path: readonly string[]): Promise<string | undefined>;
}
