module.exports = class FormData {
  constructor() {
    throw new Error('Multipart requests are left out of the bundle.');
  }
};
