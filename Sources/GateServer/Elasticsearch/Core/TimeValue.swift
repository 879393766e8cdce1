/// Amounts of time as Elasticsearch writes them: `20s`, `500ms`, `1m`, `0`, `-1`.
enum TimeValue {
  /// Largest first where one unit's name ends with another's.
  private static let units: [(name: String, milliseconds: Double)] = [
    ("nanos", 1e-6), ("micros", 1e-3), ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
    ("d", 86_400_000),
  ]

  /// - Parameter name: the parameter, for the error.
  static func milliseconds(_ text: String, of name: String) throws(ErrorBody) -> Int {
    let normalized = text.lowercased()
    if normalized == "0" || normalized == "-1" { return normalized == "0" ? 0 : -1 }
    for (unit, factor) in units where normalized.hasSuffix(unit) {
      // A million years are enough for anybody, and fit into 64 bits whatever the unit.
      guard let count = Int64(normalized.dropLast(unit.count)), count >= 0,
        Double(count) * factor < 3.2e16
      else {
        throw .illegalArgument("failed to parse [\(text)] of [\(name)] as a time value")
      }
      // What is shorter than a millisecond is still some time.
      return count == 0 ? 0 : max(1, Int(Double(count) * factor))
    }
    throw .illegalArgument(
      "failed to parse setting [\(name)] with value [\(text)] as a time value: unit is missing or "
        + "unrecognized")
  }
}
