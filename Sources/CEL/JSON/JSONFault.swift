/// Where and why the parser stopped: a few trivially copied words.
///
/// The hot loops throw this and nothing else; the text that people read is made from it once,
/// outside of them.
struct JSONFault: Error, BitwiseCopyable {
  /// What the grammar allows at the place of the fault.
  enum Expected: UInt8, BitwiseCopyable {
    case value, element, firstElement, memberValue
    case name, firstName, colon, afterMember, afterElement, endOfText
  }

  /// The part of a number whose digit is missing.
  enum Digits: UInt8, BitwiseCopyable {
    case whole, fraction, exponent
  }

  enum Reason: BitwiseCopyable {
    case tooLarge, tooDeep, tooManyValues
    case byteOrderMark, invalidUTF8
    case unexpected(Expected)
    case unterminatedString, controlCharacter
    case unknownEscape, incompleteUnicodeEscape, unpairedSurrogate
    case leadingZero, missing(Digits), numberOutOfRange
    case doubleName
  }

  let reason: Reason

  /// The byte of the source at fault.
  let offset: Int

  /// A second place that matters: the container that is open, the start of the string, the first of
  /// two names.
  let beside: Int

  @inline(never)
  init(_ reason: Reason, at offset: Int, beside: Int = -1) {
    self.reason = reason
    self.offset = offset
    self.beside = beside
  }
}
