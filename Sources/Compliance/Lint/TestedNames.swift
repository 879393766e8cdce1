import CEL
import PolicyEngine

/// What test documents beside the policies speak of, as far as lint asks: rules that a case expects
/// something of, and fixtures that a case builds on.
struct TestedNames {
  private(set) var rules: Set<String> = []
  private(set) var fixtures: Set<String> = []
  /// Files that are no test documents, though they are called so.
  private(set) var unreadable: [String] = []

  /// Looks through test documents. Nothing is run: whether the tests pass is for `modelgate test`.
  init(_ sources: [PolicySource]) {
    for source in sources {
      guard let file = try? SourceFile(reading: source, index: 0) else {
        unreadable.append(source.name)
        continue
      }
      var reader = DocumentReader(file)
      let document = reader.testDocument()
      // A document with faults is not run, so it covers nothing.
      guard let document, reader.diagnostics.isEmpty else {
        unreadable.append(source.name)
        continue
      }
      for test in document.cases where test.skip == nil { add(test, file.tape) }
    }
  }

  private mutating func add(_ test: TestDocument.Case, _ tape: JSONTape) {
    for field in ["rules", "includes", "warnings", "audit"] {
      guard let list = tape.member(field, of: test.expect) else { continue }
      for value in values(list, test, tape) {
        switch tape.kind(of: value) {
        case .array:
          for element in tape.children(of: value) {
            rules.formUnion(values(element, test, tape).compactMap { text($0, tape) })
          }
        default: break
        }
      }
    }
    let asked: [Int?] =
      switch test.asks {
      case .request(let node): [node]
      case .operation(let node, let registry): [node, registry]
      }
    for case let node? in asked {
      guard let like = tape.member("like", of: node) else { continue }
      fixtures.formUnion(resolved(like, test, tape))
    }
  }

  private func text(_ node: Int, _ tape: JSONTape) -> String? {
    tape.kind(of: node) == .string ? tape.string(of: node) : nil
  }

  /// A value, or what its column holds in every row.
  private func values(_ node: Int, _ test: TestDocument.Case, _ tape: JSONTape) -> [Int] {
    guard let text = text(node, tape), test.rows != nil else { return [node] }
    guard case .column(let name)? = TableRow.pieces(of: text).first else { return [node] }
    return (test.rows ?? []).compactMap { tape.member(name, of: $0) }
  }

  /// A text with the columns of every row put in.
  private func resolved(
    _ node: Int, _ test: TestDocument.Case, _ tape: JSONTape
  ) -> [String] {
    guard let rows = test.rows else { return [text(node, tape)].compactMap(\.self) }
    return rows.compactMap { row in
      guard tape.kind(of: row) == .object else { return nil }
      var columns: [String: Int] = [:]
      for name in tape.children(of: row) { columns[tape.string(of: name)] = name + 1 }
      switch TableRow(columns: columns, tape: tape).resolve(node) {
      case .text(let text): return text
      case .node(let value): return text(value, tape)
      default: return nil
      }
    }
  }
}
