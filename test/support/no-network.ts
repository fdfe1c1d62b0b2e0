import { Socket } from 'node:net';

/** A tripwire: a test that connects to anything but this machine fails. */
const connect = Socket.prototype.connect;

Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof options === 'object' && options !== null && 'host' in options ? options.host : 'localhost';
  if (typeof host === 'string' && !['localhost', '127.0.0.1', '::1'].includes(host))
    throw new Error(`A test connects to ${host}.`);
  return connect.apply(this, args as Parameters<typeof connect>);
} as typeof connect;
