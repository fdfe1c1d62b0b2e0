// One cold start: imports a bundle, gives it its first event, tells both times in ms on its last line.
const [, , file, eventFile] = process.argv;
if (file) {
  const event = JSON.parse(require('node:fs').readFileSync(eventFile, 'utf8'));
  const log = console.log;
  console.log = () => {};
  const began = performance.now();
  const { main } = require(file);
  const imported = performance.now();
  Promise.resolve(main(event, { request_id: 'bench', function_name: 'bench' })).then((reply) => {
    log(
      JSON.stringify({
        import: imported - began,
        event: performance.now() - imported,
        status: reply?.statusCode,
      }),
    );
    process.exit();
  });
}
