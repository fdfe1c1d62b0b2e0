/** Which part may import which: design first, then code. `npm run check:imports` also plants a violation of each rule. */
const pure =
  '^lib/(errors|calls|field-errors|fields|config|cursor|log|nesting)\\.ts$|^lib/(usersig|moderation|http)/|^lib/cos/(policy|signature|signature-v4|object-path|bucket-xml)\\.ts$';
const clients = '^lib/(im|cos|trtc|db)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'function-is-independent',
      comment: 'A function imports lib and itself, never another function.',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^(functions|plugin|local|test|bench)/|^serverless\\.ts$', pathNot: '^functions/$1/' },
    },
    {
      name: 'lib-knows-nothing-above',
      comment: 'lib is what functions are made of.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|plugin|local|test|bench)/|^serverless\\.ts$' },
    },
    {
      name: 'pure-stays-pure',
      comment: 'errors, config, log, usersig, moderation and the like import one another only.',
      severity: 'error',
      from: { path: pure },
      to: { path: '^lib/', pathNot: pure },
    },
    {
      name: 'clients-know-no-domain',
      comment: 'im, cos, trtc and db serve the domain; they do not know it, nor the functions around it.',
      severity: 'error',
      from: { path: clients },
      to: { path: '^lib/(classroom|scf|auth)/' },
    },
    {
      name: 'domain-knows-no-platform',
      comment: 'classroom could run anywhere.',
      severity: 'error',
      from: { path: '^lib/classroom/' },
      to: { path: '^lib/scf/' },
    },
    {
      name: 'scf-is-a-thin-chain',
      comment: 'lib/scf knows errors, config, log and auth, and what those are made of.',
      severity: 'error',
      from: { path: '^lib/scf/' },
      to: { path: '^lib/', pathNot: '^lib/(scf|auth|http)/|^lib/(errors|calls|field-errors|config|log)\\.ts$' },
    },
    {
      name: 'auth-is-thin',
      comment: 'auth knows errors and how to fetch.',
      severity: 'error',
      from: { path: '^lib/auth/' },
      to: { path: '^lib/', pathNot: '^lib/(auth|http)/|^lib/(errors|config|log)\\.ts$' },
    },
    {
      name: 'middy-in-scf-only',
      comment: 'One place knows the middleware engine.',
      severity: 'error',
      from: { pathNot: '^lib/scf/' },
      to: { path: 'node_modules/@middy/' },
    },
    {
      name: 'local-knows-no-plugin',
      comment: 'The local cloud runs functions that it is given; it does not know who bundles them.',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^(plugin|functions|test|bench)/|^serverless\\.ts$' },
    },
    {
      name: 'page-is-a-client',
      comment: 'The page calls the functions as any app does; of the local cloud it knows what the inspector is told.',
      severity: 'error',
      from: { path: '^local/page/app/' },
      to: {
        path: '^(functions|lib|plugin|local|test|bench)/|^serverless\\.ts$',
        pathNot: '^local/page/app/|^local/feed-event\\.ts$',
      },
    },
    {
      name: 'client-stands-alone',
      comment: 'An app takes the folder as it is.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(functions|lib|plugin|local|test|bench)/|^serverless\\.ts$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shipped-code-has-no-dev-dependencies',
      comment: 'What functions import must be a dependency.',
      severity: 'error',
      from: { path: '^(functions|lib)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.serverless|\\.local|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
