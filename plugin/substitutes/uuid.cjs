// The SDK names each request with one.
module.exports = { v4: () => require('node:crypto').randomUUID() };
