module.exports = class HttpsProxyAgent {
  constructor() {
    throw new Error('Proxies are left out of the bundle: unset http_proxy.');
  }
};
