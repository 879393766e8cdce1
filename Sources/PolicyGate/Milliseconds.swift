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
  /// A time of a gate's clock, as its log writes it: `2026-11-21T05:34:11.042Z`.
  package static func text(ofTime milliseconds: Int64) -> String {
    Timestamp(milliseconds: milliseconds)?.text ?? "\(milliseconds)"
  }
}

extension JSONWriter {
  /// Writes a time as `PolicyGate.text(ofTime:)` gives it, without making that text.
  mutating func member(_ name: String, time milliseconds: Int64) {
    guard let time = Timestamp(milliseconds: milliseconds) else {
      return member(name, PolicyGate.text(ofTime: milliseconds))
    }
    self.name(name)
    value(time)
  }
}

extension Timestamp {
  /// Nil out of the range of years.
  fileprivate init?(milliseconds: Int64) {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    self.init(seconds: seconds, nanoseconds: rest * 1_000_000)
  }
}
