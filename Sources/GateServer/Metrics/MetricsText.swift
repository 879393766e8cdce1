/// Writes metrics in the text format 0.0.4 of Prometheus.
struct MetricsText {
  enum Kind: String { case counter, gauge, histogram }

  private(set) var text = ""
  private var name = ""

  /// Begins a metric; its samples follow.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ labels: [(String, String)], _ value: UInt64) {
    sample("", labels, String(value))
  }

  mutating func sample(_ labels: [(String, String)], _ value: Double) {
    sample("", labels, Self.number(value))
  }

  /// A histogram from what fell into each bucket; one more than there are bounds.
  mutating func histogram(
    _ labels: [(String, String)], _ bounds: [Double], _ counts: [UInt64], _ sum: Double
  ) {
    var total: UInt64 = 0
    for (bound, count) in zip(bounds.map(Self.number) + ["+Inf"], counts) {
      total += count
      sample("_bucket", labels + [("le", bound)], String(total))
    }
    sample("_sum", labels, Self.number(sum))
    sample("_count", labels, String(total))
  }

  private mutating func sample(_ suffix: String, _ labels: [(String, String)], _ value: String) {
    text += name + suffix
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
    }
    text += " \(value)\n"
  }

  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
