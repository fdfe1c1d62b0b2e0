import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalFunction } from '../local/runtime.ts';
import { type Command, type CommandInput, commands } from './deploy/commands.ts';
import { readStageEnvironment } from './deploy/environment.ts';
import { dev } from './dev.ts';
import { runDiagnosis } from './doctor/command.ts';
import type { Serverless, Utils, VariableRequest } from './framework.ts';
import { describeFunction, outDir } from './functions.ts';
import { invokeLocal } from './invoke-local.ts';
import { packAll } from './pack.ts';
import { customSchema, functionSchema, httpEventSchema, providerSchema, timerEventSchema } from './schema.ts';

const endpoint = { usage: 'Call this origin instead of Tencent Cloud, such as a stand-in', type: 'string' };
const dryRun = { usage: 'Show what would change, and change nothing', type: 'boolean' };
const oneFunction = { usage: 'Only this function', type: 'string', shortcut: 'f' };

/**
 * The provider `tencent`: cloud functions on Tencent SCF, and on this machine.
 * @public The framework loads it through index.cjs.
 */
export class TencentPlugin {
  readonly commands = {
    deploy: {
      options: { 'dry-run': dryRun, endpoint },
      // The framework makes `deploy function` of `deploy --function`.
      commands: { function: { options: { 'dry-run': dryRun, endpoint } } },
    },
    info: { options: { endpoint } },
    logs: {
      options: { endpoint, platform: { usage: 'Also what SCF itself writes, replies included', type: 'boolean' } },
    },
    rollback: {
      options: {
        function: oneFunction,
        endpoint,
        again: { usage: 'When the last deployment is rolled back already: one further', type: 'boolean' },
      },
    },
    remove: {
      options: { function: oneFunction, endpoint, yes: { usage: 'Do not ask', type: 'boolean', shortcut: 'y' } },
    },
    invoke: {
      options: { endpoint },
      commands: {
        local: {
          options: {
            as: { usage: 'Sign the event in with a local token: role:userId, such as teacher:t1', type: 'string' },
            sign: { usage: "Sign the event as IM's or TRTC's callback, now", type: 'boolean' },
          },
        },
      },
    },
    // `doctor` is the framework's own, and never comes to a plugin.
    diagnose: {
      usage: 'Look at everything that a stage needs, and say what is wrong and how to mend it',
      lifecycleEvents: ['diagnose'],
      options: { endpoint },
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
    'deploy:deploy': () => this.remotely('deploy'),
    'deploy:function:packageFunction': () => this.readably(() => this.package()),
    'deploy:function:deploy': () => this.remotely('deploy'),
    'info:info': () => this.remotely('info'),
    'invoke:invoke': () => this.remotely('invoke'),
    'logs:logs': () => this.remotely('logs'),
    'rollback:rollback': () => this.remotely('rollback'),
    'remove:remove': () => this.remotely('remove'),
    'diagnose:diagnose': () => this.diagnose(),
    'dev:start': () => this.dev(),
    initialize: () => (this.serverless.processedInput.options.dev ? this.dev() : undefined),
  };

  /** `${stageEnv:NAME}`: a setting from where the values of a deployment come from; `null` when it is not there. */
  readonly configurationVariablesSources = {
    stageEnv: {
      resolve: async ({ address, options, resolveConfigurationProperty }: VariableRequest) => {
        const stage = options.stage ?? (await resolveConfigurationProperty(['provider', 'stage'])) ?? 'dev';
        return { value: readStageEnvironment(process.env, this.serverless.serviceDir, stage)[address] ?? null };
      },
    },
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
    configSchemaHandler.defineCustomProperties(customSchema);
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

  /** Packs all functions, or the one that was asked for. */
  private async package(): Promise<void> {
    const { service, serviceDir, processedInput } = this.serverless;
    const { function: only } = processedInput.options;
    await mkdir(join(serviceDir, '.serverless'), { recursive: true });
    const names = only === undefined ? service.getAllFunctions() : [only];
    const packed = await packAll(
      serviceDir,
      names.map((name) => ({ name, handler: service.getFunction(name).handler, outDir: outDir(serviceDir, name) })),
    );
    for (const { name, codeBytes, archive } of packed) {
      const fn = service.getFunction(name);
      const artifact = join(serviceDir, '.serverless', `${name}.zip`);
      await writeFile(artifact, archive);
      fn.package = { ...fn.package, artifact, individually: true };
      this.utils.log.notice(`${name}: ${kilobytes(codeBytes)} bundled, ${kilobytes(archive.length)} zipped`);
    }
  }

  private remotely(command: Command): Promise<void> {
    return this.readably(() => commands[command](this.commandInput()));
  }

  private diagnose(): Promise<void> {
    return this.readably(async () => {
      process.exitCode = await runDiagnosis(this.commandInput());
    });
  }

  private commandInput(): CommandInput {
    const { serverless, utils } = this;
    return { serverless, utils, stage: this.getStage(), region: this.getRegion(), functions: this.functions() };
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
