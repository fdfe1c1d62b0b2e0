import type { CodeStore } from './code-store.ts';
import type { FunctionPlan, Step } from './plan.ts';
import type { Remote } from './remote.ts';

export interface PerformerOptions {
  remote: Remote;
  codeStore: CodeStore;
  /** What the versions are published for. */
  deployment: string;
  report: (line: string) => void;
}

/** Makes one change after the other, and remembers for each function which version it has published. */
export const createPerformer = ({ remote, codeStore, deployment, report }: PerformerOptions) => {
  const published = new Map<string, string>();

  const optionally = (work: Promise<void>): Promise<void> =>
    work.catch((error: Error) => report(`${error.message}. It does no harm.`));

  return async (step: Step, { fn }: FunctionPlan): Promise<void> => {
    const name = fn.deployedName;
    const requireVersion = (version = published.get(name)): string => {
      if (version === undefined) throw new Error(`No version of ${name} was published.`);
      return version;
    };
    switch (step.do) {
      case 'delete':
        return remote.delete(name);
      case 'create':
        await remote.create(fn, await codeStore.put(fn));
        return optionally(codeStore.discard(fn));
      case 'claim':
        return remote.claim(fn);
      case 'upload':
        await remote.upload(fn, await codeStore.put(fn));
        return optionally(codeStore.discard(fn));
      case 'configure':
        return remote.configure(fn);
      case 'publish': {
        const { release } = fn;
        published.set(name, await remote.publish(fn, { release, deployment, after: step.after }));
        return;
      }
      case 'await':
        return remote.awaitVersion(name, step.version);
      case 'reserve':
        return remote.reserve(name, step.megabytes);
      case 'provision':
        return remote.provision(name, requireVersion(step.version), step.instances);
      case 'switch':
        return remote.switch(name, requireVersion(step.version), step.mark, step.from === undefined);
      case 'bind':
        return remote.bind(name, step.trigger);
      case 'rebind':
        return remote.rebind(name, step.trigger);
      case 'unbind':
        return remote.unbind(name, step.trigger);
      case 'prune':
        return optionally(remote.prune(name, step.version));
    }
  };
};
