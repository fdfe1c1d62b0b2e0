/** The accounts of the recording service: `tic_record_user_{room}_{random}`. */
const recordingPrefix = 'tic_record_user_';

/** Answers whether the id is a recording robot's. IM and TRTC do not say that ids differ by case, so case is ignored. */
export const isRecordingUserId = (userId: string): boolean => userId.toLowerCase().startsWith(recordingPrefix);

/** Makes the test for ids that no caller may be or name: the app's administrator and the recording robots. */
export const createReservedUserIds = (adminUserId: string) => {
  const administrators = new Set(['administrator', adminUserId.toLowerCase()]);
  const isAdministrator = (userId: string) => administrators.has(userId.toLowerCase());
  return { isReserved: (userId: string) => isAdministrator(userId) || isRecordingUserId(userId) };
};

export type ReservedUserIds = ReturnType<typeof createReservedUserIds>;
