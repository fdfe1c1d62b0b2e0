// Plugins are loaded with require(), which on Node 20 takes no TypeScript; tsx comes with the framework.
// register() and not tsx.require(): the latter puts `?namespace=` on require.resolve, which breaks esbuild's binary path.
require('tsx/cjs/api').register();
module.exports = require('./tencent.ts').TencentPlugin;
