/** How words and texts are compared. What is absent is off. */
export interface FilterOptions {
  caseInsensitive?: boolean;
  /** Half-width and full-width forms are the same. */
  foldWidth?: boolean;
  /** Circled, bold, raised and otherwise styled letters and digits are plain ones; such a letter is either case. */
  foldLetterStyle?: boolean;
  /** The digits of all scripts and styles are the same, 零一二 and 壹贰叁 among them. */
  foldDigits?: boolean;
  /** Traditional and simplified forms of a Chinese character are the same. */
  foldTraditional?: boolean;
  /** A word matches text that repeats its characters more often than itself. */
  collapseRepeats?: boolean;
  /** Punctuation, symbols and white space between the characters of a word do not matter. */
  ignoreSymbols?: boolean;
  /** What shows nothing, emoji and line ends between the characters of a word do not matter. */
  ignoreInvisible?: boolean;
  /** A Latin word inside a longer Latin word is none. */
  latinWholeWord?: boolean;
  /** A number inside a longer number is none. */
  digitWholeWord?: boolean;
  /** Characters that do not matter between those of a word. */
  ignoreChars?: string;
}
