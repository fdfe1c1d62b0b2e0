import { readFileSync } from 'node:fs';
import type { FilterOptions } from '../../lib/moderation/matching/filter-options.ts';

interface UserSigV2Input {
  kind: 'userSig' | 'privateMapKey' | 'privateMapKeyStr';
  sdkAppId: number;
  key: string;
  userId: string;
  expire: number;
  time: number;
  roomId?: number;
  roomStr?: string;
  privilegeMap?: number;
}

interface CosXmlInput {
  SecretId: string;
  SecretKey: string;
  Method: string;
  Path?: string;
  Key?: string;
  Query: Record<string, string>;
  Headers: Record<string, string>;
  KeyTime: string;
}

/** Known answers that others computed: the official SDKs and documents. */
export interface Vectors {
  userSigV2: {
    id: string;
    input: UserSigV2Input;
    outputs: Record<string, { token: string }>;
    expectedDecoded: Record<string, string | number>;
    userbufHex?: string;
  }[];
  userSigV1: {
    id: string;
    input: { sdkAppId: number; curve: string; userId: string; expire: number; time: number };
    publicKeyPem: string;
    outputs: Record<string, { token?: string; error?: string }>;
  }[];
  cosXml: {
    id: string;
    input: CosXmlInput;
    authorization?: string;
    signedHeaders?: string[];
    expected?: { authorization: string };
  }[];
  imCallbackSign: { id: string; token: string; requestTime: string; sign: string }[];
  trtcCallbackSign: { id: string; key: string; body: string; sign: string }[];
}

const readFixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

export const vectors = readFixture<Vectors>('vectors.json');

/** A case of what a word filter must do. */
export interface WordCase {
  id: string;
  words: string[];
  allow?: string[];
  options?: FilterOptions & { maskChar?: string; tags?: Record<string, string[]> };
  text: string;
  expect: {
    contains?: boolean;
    all?: string[];
    distinctWords?: string[];
    first?: string;
    positions?: [number, string][];
    maskUnion?: string;
    stretch?: string[];
  };
  afterAllow?: { allow: string[]; contains: boolean };
  afterDelete?: { delete: string[]; contains: boolean; maskUnion?: string };
}

export const wordCases = readFixture<{ cases: WordCase[] }>('word-cases.json').cases;
