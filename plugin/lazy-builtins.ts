import type { Plugin } from 'esbuild';

/** Modules of Node that our dependencies ask for at import and use late or never: 1 to 2 ms of a cold start each. */
const seldomUsed = /^(node:)?(stream\/web|readline|assert|tty|tls)$/;

const namespace = 'lazy-builtin';

/** Makes those modules load when something of theirs is first used. */
export const lazyBuiltins: Plugin = {
  name: namespace,
  setup(build) {
    build.onResolve({ filter: seldomUsed }, ({ path, namespace: asking }) =>
      asking === namespace ? { path, external: true } : { path: path.replace(/^node:/, ''), namespace },
    );
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `
        const load = () => require(${JSON.stringify(`node:${path}`)});
        module.exports = new Proxy(function () {}, {
          get: (_, name) => (name === '__esModule' ? undefined : load()[name]),
          apply: (_, self, args) => load()(...args),
        });`,
      loader: 'js',
    }));
  },
};
