/** The user ids of a list of people. */
export const accountIds = (members: readonly { Member_Account: string }[]): string[] =>
  members.map(({ Member_Account }) => Member_Account);
