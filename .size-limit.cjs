const { readdirSync } = require('node:fs');

/** One entry for each function: a glob would sum them. The zip is what a cold start downloads. */
module.exports = readdirSync('functions').map((name) => ({
  name,
  path: `.serverless/${name}.zip`,
  limit: name === 'issue-sig' ? '40 kB' : '130 kB',
  gzip: false,
  brotli: false,
}));
