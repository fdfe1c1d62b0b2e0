/** Most of SCF's actions may be called 20 times a second. Source: https://cloud.tencent.com/document/api/583/111926 and its like */
const width = 8;

/**
 * Works on a few at a time. After a failure none is begun any more, those under way come to their end first, and what is
 * thrown tells of all that failed.
 */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  const failures: Error[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next && failures.length === 0; next = waiting.shift()) {
      const [index, item] = next;
      await work(item).then(
        (result) => {
          results[index] = result;
        },
        (error: Error) => failures.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  const [first] = failures;
  if (failures.length > 1) throw new Error(failures.map(({ message }) => message).join('\n'));
  if (first) throw first;
  return results;
};
