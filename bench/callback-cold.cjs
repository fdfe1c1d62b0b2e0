// One cold start: imports a bundle, gives it its first event, writes the body of the reply. Without arguments a bare start.
const [, , file, eventFile] = process.argv;
if (file) {
  // Standard output is for the reply.
  console.log = () => {};
  const event = JSON.parse(require('node:fs').readFileSync(eventFile, 'utf8'));
  const { main } = require(file);
  Promise.resolve(main(event, { request_id: 'bench', function_name: 'bench' })).then((reply) => {
    process.stdout.write(reply.body, () => process.exit());
  });
}
