/// The texts that `bool('...')` accepts: six for each value, compared exactly.
package enum BoolText {
  private static let trueTexts = ["true", "1", "t", "T", "TRUE", "True"]
  private static let falseTexts = ["false", "0", "f", "F", "FALSE", "False"]

  /// `nil` for any other text; `tRUE` is one of those.
  package static func parse(_ text: some Collection<UInt8>) -> Bool? {
    if trueTexts.contains(where: { text.elementsEqual($0.utf8) }) { return true }
    return falseTexts.contains(where: { text.elementsEqual($0.utf8) }) ? false : nil
  }
}
