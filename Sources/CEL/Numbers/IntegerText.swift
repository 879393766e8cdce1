/// The texts that `int('...')` and `uint('...')` accept, which are those of Go's `strconv`:
/// decimal digits only, with a sign only for `int`, and no spaces, prefixes or underscores.
package enum IntegerText {
  /// `-0` is 0 and `+5` is 5; `nil` for other forms and for values out of range.
  package static func int(_ text: some Collection<UInt8>) -> Int64? {
    var cursor = ByteCursor(text)
    let isNegative = cursor.sign() == .minus
    guard let magnitude = magnitude(&cursor) else { return nil }
    if isNegative {
      // The least integer has no positive counterpart, so its magnitude is compared first.
      return magnitude <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int64(exactly: magnitude)
  }

  /// No sign at all is allowed: `+5` and `-0` are `nil`.
  package static func uint(_ text: some Collection<UInt8>) -> UInt64? {
    var cursor = ByteCursor(text)
    return magnitude(&cursor)
  }

  private static func magnitude(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> UInt64? {
    guard let first = cursor.digit() else { return nil }
    var value = UInt64(first)
    while let digit = cursor.digit() {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return cursor.isAtEnd ? value : nil
  }
}
