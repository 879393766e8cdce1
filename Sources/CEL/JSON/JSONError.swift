/// Why a text is not taken, said to the person who wrote it.
package struct JSONError: Error, Equatable, Sendable {
  /// A stable name for the kind of fault, for programs; the words of the message may change.
  package enum Code: String, Sendable, CaseIterable {
    case tooLarge, tooDeep, tooManyValues
    case byteOrderMark, invalidUTF8
    case unexpectedCharacter, unexpectedEnd, trailingContent
    case controlCharacter, invalidEscape, unpairedSurrogate
    case invalidNumber, numberOutOfRange
    case duplicateKey
  }

  package let code: Code

  /// What was found and what was expected.
  package let message: String

  /// What to do about it, where there is something to say.
  package let help: String?

  /// The byte of the source at fault; the length of the text where it ends too early.
  package let offset: Int
}

extension JSONError {
  /// Puts a fault into words.
  ///
  /// Places in the help count lines from the start of `range`: a part of a buffer can be far from
  /// its start, and counting from there for every bad line of a log would take quadratic time.
  init(_ fault: JSONFault, in source: [UInt8], _ range: Range<Int>, _ limits: JSONLimits) {
    let words = JSONFaultWords(source, range, fault)
    let (code, message, help) = words.describe(limits)
    self.init(code: code, message: message, help: help, offset: fault.offset)
  }
}
