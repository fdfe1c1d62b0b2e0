import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalFunction } from '../local/runtime.ts';
import { bundle } from './bundle.ts';
import { dev } from './dev.ts';
import type { Serverless, Utils } from './framework.ts';
import { describeFunction, outDir } from './functions.ts';
import { invokeLocal } from './invoke-local.ts';
import { functionSchema, httpEventSchema, providerSchema, timerEventSchema } from './schema.ts';
import { zip } from './zip.ts';

/**
 * The provider `tencent`: cloud functions on Tencent SCF, and on this machine.
 * @public The framework loads it through index.cjs.
 */
export class TencentPlugin {
  readonly commands = {
    invoke: {
      commands: {
        local: {
          options: {
            as: { usage: 'Sign the event in with a local token: role:userId, such as teacher:t1', type: 'string' },
            sign: { usage: "Sign the event as IM's or TRTC's callback, now", type: 'boolean' },
          },
        },
      },
    },
    dev: { usage: 'Run every function and a local Tencent Cloud on this machine', lifecycleEvents: ['start'] },
    // The framework turns `serverless dev` into `serverless --dev`, which it has no use for: no command, one option.
    '': {
      usage: 'Show this help',
      lifecycleEvents: [],
      options: { dev: { usage: 'Same as the command dev', type: 'boolean' } },
    },
  };

  readonly hooks = {
    'before:package:createDeploymentArtifacts': () => this.readably(() => this.package()),
    'invoke:local:invoke': () => this.readably(() => this.invokeLocal()),
    'dev:start': () => this.dev(),
    initialize: () => (this.serverless.processedInput.options.dev ? this.dev() : undefined),
  };

  private readonly serverless: Serverless;
  private readonly utils: Utils;

  static getProviderName(): string {
    return 'tencent';
  }

  constructor(serverless: Serverless, _options: unknown, utils: Utils) {
    this.serverless = serverless;
    this.utils = utils;
    serverless.setProvider('tencent', this);
    const { configSchemaHandler } = serverless;
    configSchemaHandler.defineProvider('tencent', { provider: providerSchema, function: functionSchema });
    configSchemaHandler.defineFunctionEvent('tencent', 'http', httpEventSchema);
    configSchemaHandler.defineFunctionEvent('tencent', 'timer', timerEventSchema);
  }

  /** The framework asks its provider for these. */
  getStage(): string {
    return this.serverless.processedInput.options.stage ?? this.serverless.service.provider.stage ?? 'dev';
  }

  getRegion(): string {
    return this.serverless.processedInput.options.region ?? this.serverless.service.provider.region;
  }

  private dev(): Promise<void> {
    return this.readably(() => dev(this.functions(), this.serverless.serviceDir, this.utils));
  }

  private functions(): LocalFunction[] {
    return this.serverless.service.getAllFunctions().map((name) => this.function(name));
  }

  private function(name: string): LocalFunction {
    const { service, serviceDir } = this.serverless;
    return describeFunction(
      name,
      service.getFunction(name),
      { ...service.provider, region: this.getRegion() },
      serviceDir,
    );
  }

  /** One bundle and one zip for each function, the same bytes for the same sources. */
  private async package(): Promise<void> {
    const { service, serviceDir } = this.serverless;
    await mkdir(join(serviceDir, '.serverless'), { recursive: true });
    for (const name of service.getAllFunctions()) {
      const fn = service.getFunction(name);
      const { code } = await bundle(serviceDir, fn.handler, outDir(serviceDir, name));
      const archive = await zip({ 'index.js': code });
      const artifact = join(serviceDir, '.serverless', `${name}.zip`);
      await writeFile(artifact, archive);
      fn.package = { ...fn.package, artifact, individually: true };
      this.utils.log.notice(
        `${name}: ${kilobytes(Buffer.byteLength(code))} bundled, ${kilobytes(archive.length)} zipped`,
      );
    }
  }

  private async invokeLocal(): Promise<void> {
    const { options } = this.serverless.processedInput;
    const fn = this.function(options.function ?? '');
    const { serviceDir } = this.serverless;
    const { utils } = this;
    const exitCode = await invokeLocal({ options, fn, functions: this.functions(), serviceDir, utils });
    // SCF freezes an instance that has replied; here its idle connections would keep the process from ending.
    process.stdout.write('', () => process.exit(exitCode));
  }

  /** A mistake is told in a line: the framework prints the stack of anything but its own errors. */
  private async readably(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Error && error.constructor !== TypeError)
        throw new this.serverless.classes.Error(error.message, 'TENCENT_PROVIDER');
      throw error;
    }
  }
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
