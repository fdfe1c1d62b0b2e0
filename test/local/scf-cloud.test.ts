import { cls } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/index.js';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import { sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { expect, it } from 'vitest';
import { signCosRequest } from '../../lib/cos/signature.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { zip } from '../../plugin/zip.ts';
import { openImSession } from '../support/im-session.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { codeOf, configOf, twoTicks } from '../support/scf.ts';

const cloud = await startTestCloud({
  functions: [],
  scfSettings: { settleMs: 0 },
  callbackOrigin: (origin) => `${origin}/scf/domain/class.example.com`,
});
const { TENCENTCLOUD_SECRETID: secretId = '', TENCENTCLOUD_SECRETKEY: secretKey = '' } = cloud.env;
const client = new scf.v20180416.Client(configOf(cloud.cloud, { secretId, secretKey }, cloud.env.COS_REGION));
const logs = new cls.v20201016.Client(configOf(cloud.cloud, { secretId, secretKey }, cloud.env.COS_REGION));
const TopicId = '5cf10000-0000-4000-8000-000000000001';
const made = { Handler: 'index.main', Runtime: 'Nodejs20.19' };

it('takes code out of the local COS, and gives its functions keys that the local STS knows', async () => {
  const archive = await zip({ 'index.js': 'exports.main = async () => process.env;' });
  const now = Math.floor(Date.now() / 1000);
  const path = '/deploy/env.zip';
  const { host } = new URL(cloud.cos);
  const Authorization = signCosRequest(
    { method: 'PUT', path, headers: { host } },
    { secretId, secretKey },
    { startTime: now - 60, endTime: now + 60 },
  );
  await fetch(`${cloud.cos}${path}`, { method: 'PUT', headers: { Authorization }, body: new Uint8Array(archive) });
  const Code = { CosBucketName: 'classroom', CosObjectName: path };
  await client.CreateFunction({ ...made, FunctionName: 'env', Code, Role: 'classroom' });
  const { Result } = await client.InvokeFunction({ FunctionName: 'env' });
  const env = JSON.parse(Result?.RetMsg ?? '');
  const credential = {
    secretId: env.TENCENTCLOUD_SECRETID,
    secretKey: env.TENCENTCLOUD_SECRETKEY,
    token: env.TENCENTCLOUD_SESSIONTOKEN,
  };
  const RoleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
  const { Credentials } = await new sts.v20180813.Client(configOf(cloud.cloud, credential)).AssumeRole({
    RoleArn,
    RoleSessionName: 'from-scf',
  });
  expect(Credentials?.Token).toEqual(expect.any(String));
});

it('gets the callbacks of IM when they are led there', async () => {
  const ZipFile = await codeOf(`exports.main = async ({ path, queryString }) => {
    console.log(path, queryString.CallbackCommand);
    return { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
  };`);
  await client.CreateFunction({ ...made, FunctionName: 'im-callback', Code: { ZipFile } });
  const endpoint = {
    Namespace: 'default',
    FunctionName: 'im-callback',
    Qualifier: '$LATEST',
    PathMatch: '/im-callback',
  };
  await client.CreateCustomDomain({ Domain: 'class.example.com', Protocol: 'HTTP', EndpointsConfig: [endpoint] });

  const sdkAppId = Number(cloud.env.IM_SDK_APP_ID);
  const signer = createUserSigSigner(sdkAppId, { secretKey: cloud.env.IM_SECRET_KEY ?? '' });
  const issuedAt = Math.floor(Date.now() / 1000);
  const sigOf = (userId: string) => signer.signUserSig({ userId, issuedAt, ttlSeconds: 600 });
  const administrator = { sdkappid: String(sdkAppId), identifier: 'administrator', usersig: sigOf('administrator') };
  const tell = async (command: string, body: object) => {
    const query = new URLSearchParams({ ...administrator, random: '1', contenttype: 'json' });
    const response = await fetch(`${cloud.cloud}/v4/${command}?${query}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(await response.json()).toMatchObject({ ErrorCode: 0 });
  };
  await tell('im_open_login_svc/account_import', { Identifier: 's1' });
  await tell('group_open_http_svc/create_group', {
    Type: 'AVChatRoom',
    Name: 'class',
    GroupId: 'c1',
    Owner_Account: 's1',
  });
  const session = await openImSession(cloud.cloud, { sdkAppId, userId: 's1', userSig: sigOf('s1') });
  expect(await session.ask({ op: 'join', groupId: 'c1' })).toMatchObject({ ErrorCode: 0 });
  const heard = async () => {
    const To = Date.now() + 1000;
    const { Results = [] } = await logs.SearchLog({ TopicId, From: To - 60_000, To, QueryString: 'SCF_Type:Custom' });
    return Results.map(({ LogJson = '' }) => JSON.parse(LogJson).SCF_Message);
  };
  await expect.poll(heard).toContain('/im-callback Group.CallbackAfterNewMemberJoin');
});

it('lets no timer tick in a cloud that does not stay', async () => {
  const ZipFile = await codeOf('exports.main = async () => {};');
  await client.CreateFunction({ ...made, FunctionName: 'tick', Code: { ZipFile } });
  const timer = { FunctionName: 'tick', TriggerName: 'each-second', Type: 'timer', TriggerDesc: '* * * * * * *' };
  await client.CreateTrigger({ ...timer, Enable: 'OPEN' });
  await twoTicks();
  const To = Date.now() + 1000;
  const query = { TopicId, From: To - 60_000, To, QueryString: 'SCF_FunctionName:"tick"' };
  expect((await logs.SearchLog(query)).Results).toEqual([]);
});
