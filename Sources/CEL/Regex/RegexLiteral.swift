/// A pattern that is plain text, perhaps tied to the start or the end: compared, not run.
struct RegexLiteral: Sendable {
  /// Longer texts go to the automaton, so that searching never takes text times pattern.
  private static let searchableLength = 32

  private let bytes: [UInt8]
  private let isAtStart: Bool
  private let isAtEnd: Bool

  /// Nil if the pattern is anything but characters between `^` and `$`, both of them optional.
  init?(_ tree: RegexTree) {
    var items = [tree.root]
    if case .sequence(let range) = tree.nodes[tree.root] { items = Array(tree.children[range]) }
    func isAssertion(_ item: Int?, _ wanted: RegexAssertion) -> Bool {
      guard let item, case .assertion(let assertion) = tree.nodes[item] else { return false }
      return assertion == wanted
    }
    isAtStart = isAssertion(items.first, .textStart)
    if isAtStart { items.removeFirst() }
    isAtEnd = isAssertion(items.last, .textEnd)
    if isAtEnd { items.removeLast() }
    var text: [UInt8] = []
    for item in items {
      guard case .set(let number) = tree.nodes[item], let scalar = tree.sets[number].single,
        let bytes = UTF8Decoding.bytes(of: scalar)
      else { return nil }
      text += bytes
    }
    if !isAtStart, !isAtEnd, text.count > RegexLiteral.searchableLength { return nil }
    bytes = text
  }

  /// Where the text first occurs at or after `start`. The search takes from the allowance, in the
  /// units of ``RegexScratch``, but is always made to its end: it is never long.
  func firstMatch(
    _ text: [UInt8], in range: Range<Int>, from start: Int, _ allowance: inout Int
  ) -> Range<Int>? {
    let length = bytes.count
    let last = range.upperBound - length
    if isAtStart {
      let fits = isAtEnd ? last == range.lowerBound : last >= range.lowerBound
      guard start == range.lowerBound, fits, isHere(text, start) else { return nil }
      return start..<start + length
    }
    if isAtEnd {
      return last >= start && isHere(text, last) ? last..<range.upperBound : nil
    }
    guard let first = bytes.first else { return start..<start }
    let span = text.span
    let sought = bytes.span
    var index = start
    var compared = 0
    defer { allowance -= (index - start + compared) >> 3 }
    while index <= last {
      if span[index] == first {
        var same = 1
        while same < length, span[index &+ same] == sought[same] { same &+= 1 }
        compared &+= same
        if same == length { return index..<index + length }
      }
      index &+= 1
    }
    return nil
  }

  @inline(__always)
  private func isHere(_ text: [UInt8], _ index: Int) -> Bool {
    let text = text.span
    let bytes = bytes.span
    for offset in 0..<bytes.count where text[index &+ offset] != bytes[offset] { return false }
    return true
  }
}
