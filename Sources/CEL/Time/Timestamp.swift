/// An instant with nanoseconds, in CEL's range: the years 1 to 9999 in UTC, both included.
///
/// It knows no zone: a text with an offset is converted when it is read. Every operation that can
/// leave the range answers `nil`, which CEL turns into an error. Nothing here traps, even for an
/// instance made from components that were never checked.
package struct Timestamp: BitwiseCopyable, Sendable, Hashable {
  /// Since the Unix epoch; negative before 1970.
  package var seconds: Int64
  /// 0 to 999,999,999, also before 1970: the instant is always `seconds` plus this fraction.
  package var nanoseconds: UInt32

  /// The seconds of the first and the last instant.
  package static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Puts back together an instant taken apart before; the components are not checked again.
  package init(trusted seconds: Int64, nanoseconds: UInt32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Carries whole seconds out of `nanoseconds`, which may be negative; `nil` out of the range.
  package init?(seconds: Int64, nanoseconds: Int64) {
    let (carry, fraction) = nanoseconds.flooringDivision(by: .nanosecondsPerSecond)
    let (sum, overflow) = seconds.addingReportingOverflow(carry)
    guard !overflow, Timestamp.range.contains(sum) else { return nil }
    self.init(trusted: sum, nanoseconds: UInt32(truncatingIfNeeded: fraction))
  }

  /// The instant `duration` nanoseconds later.
  package func adding(_ duration: Int64) -> Timestamp? {
    // Split first: the nanoseconds alone could overflow when added to a large duration.
    let (whole, fraction) = duration.flooringDivision(by: .nanosecondsPerSecond)
    let (sum, overflow) = seconds.addingReportingOverflow(whole)
    guard !overflow else { return nil }
    return Timestamp(seconds: sum, nanoseconds: Int64(nanoseconds) + fraction)
  }

  /// The instant `duration` nanoseconds earlier.
  ///
  /// Not the same as adding the negated duration: the shortest one has no negation.
  package func subtracting(_ duration: Int64) -> Timestamp? {
    let (whole, fraction) = duration.flooringDivision(by: .nanosecondsPerSecond)
    let (difference, overflow) = seconds.subtractingReportingOverflow(whole)
    guard !overflow else { return nil }
    return Timestamp(seconds: difference, nanoseconds: Int64(nanoseconds) - fraction)
  }

  /// Nanoseconds from `other` to this instant; `nil` when they do not fit, beyond 292 years.
  package func since(_ other: Timestamp) -> Int64? {
    var (whole, overflow) = seconds.subtractingReportingOverflow(other.seconds)
    guard !overflow else { return nil }
    var fraction = Int64(nanoseconds) - Int64(other.nanoseconds)
    // Give both parts the same sign; otherwise the product could overflow where the sum does not.
    if whole < 0, fraction > 0 {
      whole += 1
      fraction -= .nanosecondsPerSecond
    } else if whole > 0, fraction < 0 {
      whole -= 1
      fraction += .nanosecondsPerSecond
    }
    let (product, tooLong) = whole.multipliedReportingOverflow(by: .nanosecondsPerSecond)
    guard !tooLong else { return nil }
    let (sum, carry) = product.addingReportingOverflow(fraction)
    return carry ? nil : sum
  }
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds == right.seconds
      ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
  }
}
