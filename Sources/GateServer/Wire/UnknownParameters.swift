/// Parameters that nobody reads, and what was probably meant.
package struct UnknownParameters {
  private let unknown: [String]
  private let known: Set<String>

  init(_ unknown: Set<String>, known: Set<String>) {
    (self.unknown, self.known) = (unknown.sorted(), known)
  }

  func error(path: String) -> ErrorBody {
    let words = unknown.map { name in
      let meant = candidates(name)
      switch meant.count {
      case 0: return "[\(name)]"
      case 1: return "[\(name)] -> did you mean [\(meant[0])]?"
      default: return "[\(name)] -> did you mean any of [\(meant.joined(separator: ", "))]?"
      }
    }
    return .illegalArgument(
      "request [\(path)] contains unrecognized parameter\(unknown.count > 1 ? "s" : ""): "
        + words.joined(separator: ", "))
  }

  /// What is more alike than not, best first.
  private func candidates(_ name: String) -> [String] {
    known.map { (name: $0, similarity: Self.similarity(name, $0)) }.filter { $0.similarity > 0.5 }
      .sorted { ($1.similarity, $0.name) < ($0.similarity, $1.name) }.map(\.name)
  }

  /// From 0 to 1: how much of the longer name need not be edited.
  package static func similarity(_ left: String, _ right: String) -> Float {
    let (a, b) = (Array(left.utf16), Array(right.utf16))
    let longest = max(a.count, b.count)
    guard longest > 0 else { return 1 }
    // More than half would have to be added.
    guard 2 * min(a.count, b.count) > longest else { return 0 }
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let edited = min(row[j + 1] + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        (diagonal, row[j + 1]) = (row[j + 1], edited)
      }
    }
    return 1 - Float(row[b.count]) / Float(longest)
  }
}
