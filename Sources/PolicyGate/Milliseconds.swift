package import CEL

extension CELValue {
  /// A time as the clock of a gate tells it, as rules see it: the split rounds down, so that times
  /// before 1970 have a fraction that is not negative.
  package static func timestamp(milliseconds: Int64) -> CELValue {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    return .timestamp(
      seconds: rest < 0 ? seconds - 1 : seconds,
      nanoseconds: UInt32(rest < 0 ? rest + 1_000 : rest) * 1_000_000)
  }
}

extension PolicyGate {
  /// A time of a gate's clock, as its log writes it.
  package static func text(ofTime milliseconds: Int64) -> String {
    RFC3339.text(milliseconds: milliseconds)
  }
}

/// Times as texts.
enum RFC3339 {
  /// Such as `2026-11-21T05:34:11.042Z`.
  static func text(milliseconds: Int64) -> String {
    guard
      case .timestamp(let seconds, let nanoseconds) = CELValue.timestamp(milliseconds: milliseconds),
      let stamp = Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds))
    else { return "\(milliseconds)" }
    return stamp.text
  }
}
