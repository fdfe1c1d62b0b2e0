import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';

const createInput = z.strictObject({
  Namespace: z.string().check(z.regex(/^[A-Za-z][\w-]{0,29}$/)),
  Description: z.optional(z.string()),
});

/** With `default`. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxNamespaces = 5;

/** What makes namespaces; `default` is always there. Source: https://cloud.tencent.com/document/api/583/37135 */
export const createNamespaceActions = ({ state: { namespaces } }: ScfContext): ScfActions => ({
  CreateNamespace: scfAction(createInput, ({ Namespace: name }, region) => {
    const there = namespaces.filter((each) => each.region === region);
    if (name === 'default' || there.some((each) => each.name === name))
      throw new TencentApiError('ResourceInUse.Namespace', `The namespace ${name} exists already.`);
    if (there.length + 1 >= maxNamespaces)
      throw new TencentApiError('LimitExceeded.Namespace', `There are ${maxNamespaces} namespaces already.`);
    namespaces.push({ region, name });
    return {};
  }),
});
