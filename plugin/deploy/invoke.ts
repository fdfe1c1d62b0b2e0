import { readEvent } from '../event.ts';
import { liveAlias } from './found.ts';
import { openSession, type SessionOptions } from './session.ts';

export interface InvokeOptions extends SessionOptions {
  serviceDir: string;
}

/** `invoke`: runs a deployed function with one event. Answers the exit code: 1 when the function threw. */
export const invoke = async (options: InvokeOptions): Promise<number> => {
  const { scf, namespace, deployedName, utils } = openSession(options);
  const { function: name = '', qualifier = liveAlias, type = 'RequestResponse', log } = options.options;
  if (type !== 'RequestResponse' && type !== 'Event') throw new Error('--type takes RequestResponse or Event.');
  const { Result } = await scf('Invoke', {
    FunctionName: deployedName(name),
    Namespace: namespace,
    Qualifier: qualifier,
    InvocationType: type,
    ClientContext: JSON.stringify(await readEvent(options.options, options.serviceDir)),
    LogType: log ? 'Tail' : 'None',
  });
  const { RetMsg = '', ErrMsg, Log, FunctionRequestId, InvokeResult = 0 } = Result ?? {};
  if (log && Log) utils.log.notice(Log);
  if (type === 'Event') utils.writeText(JSON.stringify({ requestId: FunctionRequestId }, null, 2));
  else utils.writeText(readable(RetMsg || ErrMsg || 'null'));
  return InvokeResult !== 0 || ErrMsg ? 1 : 0;
};

const readable = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // What a function answers is JSON, but what is said of one that failed need not be.
    return text;
  }
};
