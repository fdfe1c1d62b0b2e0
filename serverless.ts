import {
  boardSettings,
  callbackSettings,
  classroomSettings,
  classSettings,
  cosSettings,
  databaseSettings,
  environmentNames,
  httpSettings,
  logSettings,
  messageSettings,
  moderationSettings,
  noticeSettings,
  roomSettings,
  signingSettings,
  trtcCallbackSettings,
  trtcSettings,
  userSigSettings,
  wordSyncSettings,
} from './lib/config.ts';
import type { TencentFunction, TencentService } from './plugin/service.ts';

/** Longer than waiting for another call that is busy with the same class, and for IM at its slowest. */
const slowTimeout = 60;

/** What differs from stage to stage: from `--param`, the environment or `.env.<stage>`; `null` when in none of them. */
const setting = (param: string, variable: string) => `\${param:${param}, stageEnv:${variable}, null}`;

/**
 * Every instance may hold a connection to the database: with these, all functions together stay below PostgreSQL's own
 * max_connections of 100. Raise both for a larger school: `npm run bench -- scale` says which function is the first to
 * need more. `im-callback` has the most, since one that waits to tell who has come holds its instance for a second.
 */
const usualInstances = 2;
const instances: Readonly<Record<string, number>> = {
  'im-callback': 24,
  'join-class': 8,
  'send-message': 8,
  'end-class': 6,
  'trtc-callback': 4,
  'create-class': 3,
  'list-classes': 3,
  'get-class': 3,
  'report-clock': 3,
  'vend-cos-credentials': 3,
  sweep: 1,
};

const reserveConnections = (functions: Readonly<Record<string, TencentFunction>>) =>
  Object.fromEntries(
    Object.entries(functions).map(([name, fn]) => [
      name,
      fn.environment?.includes('DATABASE_URL') ? { ...fn, reservedConcurrency: instances[name] ?? usualInstances } : fn,
    ]),
  );

const service: TencentService = {
  service: 'classroom',
  frameworkVersion: '4',
  plugins: ['./plugin/index.cjs'],
  package: { individually: true },
  provider: {
    name: 'tencent',
    runtime: 'Nodejs20.19',
    region: 'ap-guangzhou',
    memorySize: 128,
    timeout: 10,
    environment: environmentNames(logSettings),
    role: setting('role', 'DEPLOY_ROLE'),
    vpc: {
      vpcId: setting('vpcId', 'DEPLOY_VPC_ID'),
      subnetId: setting('subnetId', 'DEPLOY_SUBNET_ID'),
    },
    logs: {
      logsetId: setting('logsetId', 'DEPLOY_CLS_LOGSET_ID'),
      topicId: setting('topicId', 'DEPLOY_CLS_TOPIC_ID'),
    },
  },
  custom: {
    domain: {
      name: setting('domain', 'DEPLOY_DOMAIN'),
      certificateId: setting('certificateId', 'DEPLOY_CERTIFICATE_ID'),
    },
    deploymentBucket: {
      name: setting('bucket', 'DEPLOY_BUCKET'),
      region: setting('bucketRegion', 'DEPLOY_BUCKET_REGION'),
      origin: setting('bucketOrigin', 'DEPLOY_BUCKET_URL'),
    },
  },
  functions: reserveConnections({
    'issue-sig': {
      handler: 'functions/issue-sig/index.main',
      description: 'A UserSig for whoever is signed in',
      environment: environmentNames(httpSettings, signingSettings, userSigSettings),
      events: [{ http: { path: '/issue-sig' } }],
    },
    'verify-sig': {
      handler: 'functions/verify-sig/index.main',
      description: 'What a UserSig says and whether it holds',
      environment: environmentNames(httpSettings, signingSettings),
      events: [{ http: { path: '/verify-sig' } }],
    },
    'create-class': {
      handler: 'functions/create-class/index.main',
      description: 'A class with both its IM groups and a room number',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings, classSettings),
      events: [{ http: { path: '/create-class' } }],
    },
    'update-class': {
      handler: 'functions/update-class/index.main',
      description: 'Changes a class',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/update-class' } }],
    },
    'get-class': {
      handler: 'functions/get-class/index.main',
      description: 'A class, as far as the caller may know it',
      environment: environmentNames(httpSettings, databaseSettings),
      events: [{ http: { path: '/get-class' } }],
    },
    'list-classes': {
      handler: 'functions/list-classes/index.main',
      description: "The caller's classes, page by page",
      environment: environmentNames(httpSettings, databaseSettings),
      events: [{ http: { path: '/list-classes' } }],
    },
    'join-class': {
      handler: 'functions/join-class/index.main',
      description: 'Everything that an app needs to enter a class',
      memorySize: 512,
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings, userSigSettings, roomSettings),
      events: [{ http: { path: '/join-class' } }],
    },
    'grant-board': {
      handler: 'functions/grant-board/index.main',
      description: 'Lets a member draw',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings, boardSettings, roomSettings),
      events: [{ http: { path: '/grant-board' } }],
    },
    'revoke-board': {
      handler: 'functions/revoke-board/index.main',
      description: 'Takes the board away from a member',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/revoke-board' } }],
    },
    'mute-member': {
      handler: 'functions/mute-member/index.main',
      description: 'Silences a member for a while',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/mute-member' } }],
    },
    'mute-class': {
      handler: 'functions/mute-class/index.main',
      description: 'Silences all students',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/mute-class' } }],
    },
    'remove-member': {
      handler: 'functions/remove-member/index.main',
      description: 'Puts a member out for good',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings, trtcSettings),
      events: [{ http: { path: '/remove-member' } }],
    },
    'restore-member': {
      handler: 'functions/restore-member/index.main',
      description: 'Lets a removed member in again',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/restore-member' } }],
    },
    'send-message': {
      handler: 'functions/send-message/index.main',
      description: 'Danmaku, likes, notices and strokes for senders without an IM SDK',
      memorySize: 512,
      timeout: 30,
      environment: environmentNames(httpSettings, ...classroomSettings, moderationSettings, messageSettings),
      events: [{ http: { path: '/send-message' } }],
    },
    'report-clock': {
      handler: 'functions/report-clock/index.main',
      description: "Ties a client's clock to the time line of the replay",
      timeout: 30,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/report-clock' } }],
    },
    'get-replay': {
      handler: 'functions/get-replay/index.main',
      description: 'The recorded whiteboard, page by page',
      timeout: 30,
      environment: environmentNames(httpSettings, ...classroomSettings),
      events: [{ http: { path: '/get-replay' } }],
    },
    'get-attendance': {
      handler: 'functions/get-attendance/index.main',
      description: 'Who was there, and for how long',
      environment: environmentNames(httpSettings, databaseSettings),
      events: [{ http: { path: '/get-attendance' } }],
    },
    'end-class': {
      handler: 'functions/end-class/index.main',
      description: 'Ends a class, exports its replay and takes down what it had',
      timeout: slowTimeout,
      environment: environmentNames(httpSettings, ...classroomSettings, trtcSettings),
      events: [{ http: { path: '/end-class' } }],
    },
    'vend-cos-credentials': {
      handler: 'functions/vend-cos-credentials/index.main',
      description: "Temporary credentials for the caller's files of a class",
      environment: environmentNames(httpSettings, databaseSettings, cosSettings),
      events: [{ http: { path: '/vend-cos-credentials' } }],
    },
    'sign-cos-object': {
      handler: 'functions/sign-cos-object/index.main',
      description: 'A signature for one object',
      environment: environmentNames(httpSettings, databaseSettings, cosSettings),
      events: [{ http: { path: '/sign-cos-object' } }],
    },
    'list-files': {
      handler: 'functions/list-files/index.main',
      description: 'The files of a class, page by page',
      timeout: 20,
      environment: environmentNames(httpSettings, databaseSettings, cosSettings),
      events: [{ http: { path: '/list-files' } }],
    },
    'im-callback': {
      handler: 'functions/im-callback/index.main',
      description: 'The gate that every message and every join passes at IM',
      memorySize: 512,
      environment: environmentNames(callbackSettings, ...classroomSettings, moderationSettings, noticeSettings),
      events: [{ http: { path: '/im-callback' } }],
    },
    'trtc-callback': {
      handler: 'functions/trtc-callback/index.main',
      description: 'What TRTC tells of rooms and recordings',
      environment: environmentNames(trtcCallbackSettings, ...classroomSettings, trtcSettings),
      events: [{ http: { path: '/trtc-callback' } }],
    },
    'edit-dirty-words': {
      handler: 'functions/edit-dirty-words/index.main',
      description: 'Edits the word list',
      // 200,000 words of ten characters take some 500 MB while they are compiled and stored.
      memorySize: 1024,
      timeout: 30,
      environment: environmentNames(httpSettings, databaseSettings, wordSyncSettings),
      events: [{ http: { path: '/edit-dirty-words' } }],
    },
    'list-dirty-words': {
      handler: 'functions/list-dirty-words/index.main',
      description: 'The word list, page by page',
      environment: environmentNames(httpSettings, databaseSettings),
      events: [{ http: { path: '/list-dirty-words' } }],
    },
    sweep: {
      handler: 'functions/sweep/index.main',
      description: 'Finishes what killed and failed invocations left behind',
      memorySize: 512,
      timeout: 60,
      environment: environmentNames(...classroomSettings, trtcSettings, noticeSettings, wordSyncSettings),
      events: [{ timer: { cron: '0 * * * * * *' } }],
    },
  }),
};

export default service;
