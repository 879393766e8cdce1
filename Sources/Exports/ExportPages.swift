import CEL
import PolicyEngine

/// How much of each list the files hold. Pages are easily forgotten, and what is not in the files
/// can't be judged.
struct ExportPages: Sendable {
  private struct List: Sendable {
    var found = 0
    var all = 0
    var position: SourcePosition
  }
  private var lists: [String: List] = [:]

  /// Counts a page of a list, and how many there are in all, if it says so.
  mutating func add(
    _ found: Int, of all: Int?, _ what: String, at node: Int, _ reader: ExportReader
  ) {
    var list = lists[what] ?? List(position: reader.file.position(ofNode: node))
    list.found += found
    list.all = max(list.all, all ?? 0)
    lists[what] = list
  }

  /// A remark for each list that is not complete.
  var notes: [LoadDiagnostic] {
    lists.sorted { $0.key < $1.key }.filter { $0.value.all > $0.value.found }.map { what, list in
      LoadDiagnostic(
        code: "partial-export", message: "the files hold \(list.found) of \(list.all) \(what)",
        help: "give the other pages as well, or export with a larger `size`",
        position: list.position, severity: .warning)
    }
  }
}
