/// A zone: a fixed offset, or rules read from the bytes of a TZif file (RFC 9636).
///
/// Times before the first recorded change use the file's first type, usually local mean time, and
/// times from the last change on use the rule in the file's footer, if it has one. Reading files is
/// not done here: this module has no input or output.
package struct TimeZoneRules: Sendable {
  /// Ascending, in seconds since the epoch.
  private let transitions: [Int64]
  /// The offset in force from the transition of the same index on.
  private let offsets: [Int32]
  /// The offset before the first transition.
  private let initial: Int32
  /// For times from the last transition on, or for all times when there are no transitions.
  private let rule: PosixRule?

  /// The same offset, in seconds east, at all times.
  package init(fixedOffset seconds: Int32) {
    transitions = []
    offsets = []
    initial = seconds
    rule = nil
  }

  /// `nil` when the bytes are not a complete and consistent file.
  ///
  /// Files that count leap seconds (`right/...`) are refused too: CEL's timestamps do not.
  package init?(tzif bytes: [UInt8]) {
    guard let content = TZifContent(bytes) else { return nil }
    transitions = content.transitions
    offsets = content.offsets
    initial = content.initial
    rule = content.rule
  }

  /// Seconds east of UTC in force `seconds` after the epoch.
  package func offset(at seconds: Int64) -> Int32 {
    guard let last = transitions.last else {
      return rule?.offset(at: seconds) ?? initial
    }
    if seconds >= last, let rule { return rule.offset(at: seconds) }
    // The number of transitions that are not later.
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initial : offsets[low - 1]
  }
}
