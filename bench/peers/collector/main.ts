/** A collector of telemetry that takes whatever it is sent and forgets it: OTLP/HTTP, where an empty answer means that all was accepted. */
import { createServer } from 'node:http';

let calls = 0;
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ calls }));
    return;
  }
  calls += 1;
  request.resume();
  request.once('end', () => response.setHeader('content-type', 'application/x-protobuf').end());
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
