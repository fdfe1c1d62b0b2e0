import {
  callbackSettings,
  classSettings,
  cosSettings,
  databaseSettings,
  environmentNames,
  httpSettings,
  imSettings,
  logSettings,
  moderationSettings,
  noticeSettings,
  signingSettings,
  userSigSettings,
} from './lib/config.ts';
import type { TencentService } from './plugin/service.ts';

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
  },
  functions: {
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
      timeout: 60,
      environment: environmentNames(httpSettings, signingSettings, imSettings, databaseSettings, classSettings),
      events: [{ http: { path: '/create-class' } }],
    },
    'get-class': {
      handler: 'functions/get-class/index.main',
      description: 'A class, as far as the caller may know it',
      environment: environmentNames(httpSettings, databaseSettings),
      events: [{ http: { path: '/get-class' } }],
    },
    'vend-cos-credentials': {
      handler: 'functions/vend-cos-credentials/index.main',
      description: "Temporary credentials for the caller's files of a class",
      environment: environmentNames(httpSettings, databaseSettings, cosSettings),
      events: [{ http: { path: '/vend-cos-credentials' } }],
    },
    'im-callback': {
      handler: 'functions/im-callback/index.main',
      description: 'What IM asks before a message and tells of joins and leaves',
      memorySize: 512,
      environment: environmentNames(
        callbackSettings,
        signingSettings,
        imSettings,
        databaseSettings,
        moderationSettings,
        noticeSettings,
      ),
      events: [{ http: { path: '/im-callback' } }],
    },
    'edit-dirty-words': {
      handler: 'functions/edit-dirty-words/index.main',
      description: 'Edits the word list',
      memorySize: 512,
      timeout: 30,
      environment: environmentNames(httpSettings, databaseSettings),
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
      timeout: 60,
      environment: environmentNames(signingSettings, imSettings, databaseSettings, noticeSettings),
      events: [{ timer: { cron: '0 * * * * * *' } }],
    },
  },
};

export default service;
