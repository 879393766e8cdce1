/// How many cases of a kind pass: a line a group, and one for all.
package struct Scoreboard {
  private let kind: String
  private let verbose: Bool
  private var groups: [(name: String, passed: Int, total: Int, note: String)] = []

  package init(_ kind: String, verbose: Bool) {
    self.kind = kind
    self.verbose = verbose
  }

  /// A group without cases yet, with a remark behind its counts.
  package mutating func begin(_ group: String, note: String = "") {
    groups.append((group, 0, 0, note))
  }

  /// Counts one case of a group that was begun, or begins it.
  package mutating func count(_ group: String, _ id: String, _ source: String, _ failure: String?) {
    var index = groups.firstIndex { $0.name == group }
    if index == nil {
      begin(group)
      index = groups.count - 1
    }
    guard let index else { return }
    groups[index].total += 1
    if let failure {
      let line = failure.split(separator: "\n").joined(separator: " ")
      if verbose { print("  \(id): `\(source.prefix(300))` \(line.prefix(600))") }
    } else {
      groups[index].passed += 1
    }
  }

  package var passed: Int { groups.reduce(0) { $0 + $1.passed } }
  package var total: Int { groups.reduce(0) { $0 + $1.total } }

  /// A line for each group, and the last one for the kind.
  package func printAll() {
    for group in groups { print("\(group.name) \(group.passed)/\(group.total)\(group.note)") }
    print("\(kind) TOTAL \(passed)/\(total)")
  }
}
