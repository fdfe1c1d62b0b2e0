// The SDK writes its requests with it; ours hold no BigInt.
module.exports = () => JSON;
