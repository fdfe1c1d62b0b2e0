import { onTestFinished } from 'vitest';
import { createSts, type StsOptions } from '../../lib/cos/sts.ts';
import { createTencentApi } from '../../local/api/server.ts';
import { createSts as createLocalSts } from '../../local/api/sts.ts';
import { createTemporaryKeys } from '../../local/api/temporary-keys.ts';
import { createFaults } from '../../local/faults.ts';
import { type LocalReply, serve } from '../../local/http.ts';
import { keepSecret } from './kept.ts';

export const permanentKey = { secretId: 'AKIDpermanent', secretKey: 'permanent-secret-key' };
keepSecret('permanentKey', permanentKey.secretKey);
export const roleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
const temporarySecret = 'secret of the temporary keys';
keepSecret('temporarySecret', temporarySecret);
export const temporaryKeys = createTemporaryKeys(temporarySecret);

/** The local STS on loopback until the test is done: it checks every signature. Its clock is the real one, as the SDK's is. */
export const startSts = async () => {
  const faults = createFaults();
  const actions: string[] = [];
  let instead: (() => Promise<LocalReply>) | undefined;
  const api = createTencentApi({
    clock: Date.now,
    faults,
    permanentKey: () => permanentKey,
    temporaryKeys,
    services: createLocalSts({ clock: Date.now, temporaryKeys, roleArns: [roleArn] }),
  });
  const server = await serve(0, (request) => {
    actions.push(String(request.headers['x-tc-action']));
    return instead ? instead() : api.handle(request);
  });
  onTestFinished(() => server.close());
  return {
    faults,
    /** Every call that arrived, by its `X-TC-Action`. */
    actions,
    /** A client of it: with permanent keys and no role unless told otherwise. */
    client: (options: Partial<StsOptions> = {}) =>
      createSts({
        apiUrl: server.origin,
        region: 'ap-shanghai',
        roleArn: undefined,
        credentials: () => permanentKey,
        ...options,
      }),
    /** From now on it answers so. */
    answerWith: (answer: () => Promise<LocalReply>) => {
      instead = answer;
    },
    stop: () => server.close(),
  };
};
