/** Parameters that hold neither code nor what anybody wrote into a function: variables, events, arguments. */
const told: ReadonlySet<string> = new Set([
  // What it is about.
  'FunctionName',
  'Namespace',
  'Qualifier',
  'Name',
  'FunctionVersion',
  'FunctionRequestId',
  'Description',
  'Tags',
  'Key',
  'Value',
  // Configuration.
  'Handler',
  'Runtime',
  'Type',
  'MemorySize',
  'Timeout',
  'InitTimeout',
  'Role',
  'VpcConfig',
  'VpcId',
  'SubnetId',
  'PublicNetConfig',
  'PublicNetStatus',
  'EipConfig',
  'EipStatus',
  'ClsLogsetId',
  'ClsTopicId',
  'InstallDependency',
  'Publish',
  'ForceDelete',
  'ShowCode',
  // Where code comes from.
  'Code',
  'CodeSource',
  'CosBucketName',
  'CosBucketRegion',
  'CosObjectName',
  // Aliases and concurrency.
  'RoutingConfig',
  'AdditionalVersionWeights',
  'AddtionVersionMatchs',
  'Version',
  'Weight',
  'ReservedConcurrencyMem',
  'VersionProvisionedConcurrencyNum',
  'ProvisionedType',
  // Triggers and domains.
  'TriggerName',
  'TriggerDesc',
  'Enable',
  'Domain',
  'Protocol',
  'EndpointsConfig',
  'PathMatch',
  'PathRewrite',
  'Path',
  'Rewrite',
  'CertConfig',
  'CertificateId',
  'WafConfig',
  'WafOpen',
  'WafInstanceId',
  // Calls and lists.
  'InvocationType',
  'LogType',
  'StartTime',
  'EndTime',
  'SearchKey',
  'Filters',
  'Values',
  'Order',
  'OrderBy',
  'Orderby',
  'Offset',
  'Limit',
]);

/** A copy of an action's parameters that may be told: of all that is not known to be harmless it says only that it was there. */
export const tellable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(tellable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, told.has(name) ? tellable(part) : '•••']),
  );
};
