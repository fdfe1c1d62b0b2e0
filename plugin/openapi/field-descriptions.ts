import type { oas31 } from 'zod-openapi';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;
type Texts = Readonly<Partial<Record<string, string>>>;

const time = 'Unix seconds.';

/** What a field of this name means wherever it occurs and nothing else is said of it. */
const usualTexts: Texts = {
  classId: 'The class.',
  cursor: '`nextCursor` of the page before.',
  limit: 'How many entries a page has at most.',
  startsAt: time,
  endsAt: time,
  createdAt: time,
  endedAt: time,
  joinedAt: time,
  issuedAt: time,
  expiresAt: time,
  startTime: time,
  expiredTime: time,
  lastModified: time,
  privateMapKeyExpiresAt: time,
};

/** Says of the fields of a schema, and of those within, what they mean; those of the whole by these texts first. */
export const describeFields = (schema: Schema | undefined, texts: Texts = {}): void => {
  if (schema === undefined || '$ref' in schema) return;
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) describeFields(option, texts);
  describeFields(schema.items);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    describeFields(field);
    const text = texts[name] ?? usualTexts[name];
    if (!('$ref' in field) && text !== undefined) field.description ??= text;
  }
};

/** The same for what an operation takes, by these texts, and for what it answers. */
export const describeOperationFields = (
  operation: oas31.OperationObject | undefined,
  texts: Texts | undefined,
): void => {
  describeFields(bodySchema(operation?.requestBody), texts);
  for (const response of Object.values<Body>(operation?.responses ?? {})) describeFields(bodySchema(response));
};

type Body = oas31.RequestBodyObject | oas31.ResponseObject | oas31.ReferenceObject | undefined;

const bodySchema = (body: Body): Schema | undefined =>
  body && 'content' in body ? body.content?.['application/json']?.schema : undefined;
