/// A text that is equal to another byte for byte only.
///
/// Swift's strings are equal when they look alike: `é` in one code point and in two. Policies and
/// databases compare code points, so whatever is called by a name goes by its bytes here too.
package struct ExactText: Hashable, Comparable, Sendable {
  /// The text.
  package let text: String

  /// This text.
  package init(_ text: String) { self.text = text }

  package static func == (one: ExactText, other: ExactText) -> Bool {
    one.text.isExactly(other.text)
  }

  package static func < (one: ExactText, other: ExactText) -> Bool {
    one.text.precedesByBytes(other.text)
  }

  /// Equal bytes have equal hashes, since texts that look alike have.
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
  /// Whether the other text has the same bytes.
  package func isExactly(_ other: String) -> Bool {
    let (one, two) = (utf8Span.span, other.utf8Span.span)
    guard one.count == two.count else { return false }
    for index in one.indices where one[index] != two[index] { return false }
    return true
  }

  /// Whether its bytes come before the other's: the order of a database that compares bytes.
  package func precedesByBytes(_ other: String) -> Bool {
    let (one, two) = (utf8Span.span, other.utf8Span.span)
    for index in 0..<min(one.count, two.count) where one[index] != two[index] {
      return one[index] < two[index]
    }
    return one.count < two.count
  }
}
