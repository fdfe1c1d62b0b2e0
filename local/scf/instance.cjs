'use strict';
/**
 * An instance: a process that loads one handler and gives it one event at a time, as SCF's Node.js does. All that the
 * function writes goes to the parent, which knows the event it belongs to.
 * Source: https://cloud.tencent.com/document/product/583/11060
 */
const { join } = require('node:path');

const [directory, handlerName] = process.argv.slice(2);
const [file, exportName] = handlerName.split('.');

let handler;

// The parent is none of the function's business: on SCF there is nothing to send to.
const { channel } = process;
const send = process.send.bind(process);
delete process.send;

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, callback) => {
    send({ written: String(chunk) });
    const done = typeof encoding === 'function' ? encoding : callback;
    done?.();
    return true;
  };
}

const load = () => {
  const exported = require(join(directory, `${file}.js`))[exportName];
  if (typeof exported !== 'function') throw new Error(`${handlerName} is not a function`);
  return exported;
};

const run = (event, context) =>
  new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    // What a handler that is not async returns is ignored: it has a callback.
    else if (handler.length < 3) resolve(null);
  });

/** Waits until the function has left nothing that could still happen: the channel to the parent does not count. */
const emptyEventLoop = () =>
  new Promise((resolve) => {
    process.once('beforeExit', () => {
      channel.ref();
      resolve();
    });
    channel.unref();
  });

const describe = (error) => ({
  message: error instanceof Error ? error.message : String(error),
  stack: error instanceof Error ? (error.stack ?? '') : '',
});

const finish = (outcome, then) => send({ ...outcome, memory: process.memoryUsage().rss }, then);

process.on('message', async ({ event, context, credentials }) => {
  try {
    Object.assign(process.env, credentials);
    handler ??= load();
    const result = await run(JSON.parse(event), context);
    if (context.callbackWaitsForEmptyEventLoop !== false) await emptyEventLoop();
    finish({ result: JSON.stringify(result ?? null) });
  } catch (error) {
    finish({ error: describe(error) });
  }
});
process.on('uncaughtException', (error) => finish({ error: describe(error), isLast: true }, () => process.exit(1)));
process.on('disconnect', () => process.exit());
