// json-bigint asks of every value whether it is one; the SDK itself makes native BigInts.
module.exports = class BigNumber {};
module.exports.isBigNumber = () => false;
