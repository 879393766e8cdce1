import CEL
import PolicyEngine

/// Test documents to cases; collects all that is wrong.
struct TestLinker {
  let policies: PolicySet
  let names: KnownNames
  let rehearse: Rehearse?
  private(set) var diagnostics: [LoadDiagnostic] = []
  private(set) var cases: [TestCase] = []
  private(set) var documents: [TestDocument] = []

  init(_ policies: PolicySet, _ rehearse: Rehearse?) {
    (self.policies, self.rehearse) = (policies, rehearse)
    names = KnownNames(policies)
  }

  mutating func link(_ sources: [PolicySource]) {
    for source in sources { read(source) }
    var first: [String: SourcePosition] = [:]
    for document in documents where !document.name.name.isEmpty {
      let position = document.file.position(ofNode: document.name.node)
      if let other = first[document.name.name] {
        report(
          document.file, "duplicate-name",
          "tests `\(document.name.name)` are declared twice", document.name.node,
          help: "they stand first at \(other)")
      } else {
        first[document.name.name] = position
      }
    }
    for document in documents { link(document) }
    let order = Dictionary(sources.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    diagnostics.sort { a, b in
      let (x, y) = (a.position, b.position)
      return (order[x.file] ?? 0, x.line, x.column) < (order[y.file] ?? 0, y.line, y.column)
    }
  }

  /// Notes what is wrong, once: rows of a table have most faults in common.
  mutating func note(_ found: [LoadDiagnostic]) {
    for diagnostic in found where !diagnostics.contains(diagnostic) {
      diagnostics.append(diagnostic)
    }
  }

  private mutating func read(_ source: PolicySource) {
    let file: SourceFile
    do throws(LoadDiagnostic) {
      file = try SourceFile(reading: source, index: documents.count)
    } catch {
      return diagnostics.append(error)
    }
    var reader = DocumentReader(file)
    if let document = reader.testDocument() { documents.append(document) }
    diagnostics += reader.diagnostics
  }

  mutating func report(
    _ file: SourceFile, _ code: String, _ message: String, _ node: Int, help: String? = nil
  ) {
    diagnostics.append(
      file.diagnostic(code, message, at: file.tape.sourceRange(of: node), help: help))
  }

  private mutating func link(_ document: TestDocument) {
    var taken: Set<String> = []
    var count = 0
    for test in document.cases {
      count += test.rows?.count ?? 1
      guard count <= ComplianceLimits.casesPerDocument else {
        report(
          document.file, "too-many-cases",
          "a test document comes to at most \(ComplianceLimits.casesPerDocument) cases",
          test.node, help: "put some of them into another file")
        return
      }
      link(test, document, &taken)
    }
  }

  private mutating func link(
    _ test: TestDocument.Case, _ document: TestDocument, _ taken: inout Set<String>
  ) {
    let file = document.file
    let rows: [Int?] = test.rows ?? [nil]
    for (number, node) in rows.enumerated() {
      let faults = diagnostics.count
      guard let row = row(node, file) else { continue }
      let name = self.name(test, row, number, file)
      if !taken.insert(name).inserted {
        report(
          file, "duplicate-name", "case `\(name)` is declared twice", node ?? test.name.node,
          help: "names tell cases apart: put a column into it, `\"… ${column}\"`")
      }
      let asked = question(test.asks, row, document)
      var reader = ExpectationReader(reader: DocumentReader(file), row: row, names: names)
      if case .operation = test.asks { reader.isOperation = true }
      let expectation = reader.read(test.expect)
      note(reader.reader.diagnostics)
      guard let asked, diagnostics.count == faults else { continue }
      cases.append(
        TestCase(
          suite: document.name.name, name: name,
          position: file.position(ofNode: node ?? test.node),
          skip: test.skip, expectation: expectation, request: .success(asked.request),
          obstacle: asked.obstacle))
    }
  }

  private mutating func row(_ node: Int?, _ file: SourceFile) -> TableRow? {
    guard let node else { return TableRow(columns: nil, tape: file.tape) }
    guard file.tape.kind(of: node) == .object else {
      var reader = DocumentReader(file)
      reader.wrongType(node, "a row", "an object of columns")
      diagnostics += reader.diagnostics
      return nil
    }
    var columns: [String: Int] = [:]
    for name in file.tape.children(of: node) { columns[file.tape.string(of: name)] = name + 1 }
    return TableRow(columns: columns, tape: file.tape)
  }

  /// Rows whose names say nothing of them are numbered.
  private mutating func name(
    _ test: TestDocument.Case, _ row: TableRow, _ number: Int, _ file: SourceFile
  ) -> String {
    guard test.rows != nil else { return test.name.name }
    let pieces = TableRow.pieces(of: test.name.name)
    let hasColumn = pieces.contains { if case .column = $0 { true } else { false } }
    guard hasColumn else { return "\(test.name.name) #\(number + 1)" }
    switch row.resolve(test.name.node) {
    case .text(let text): return text
    case .node(let value) where Self.isPrintable(file.tape.kind(of: value)):
      return file.tape.string(of: value)
    default:
      var reader = ExpectationReader(reader: DocumentReader(file), row: row, names: names)
      reader.check(test.name.node)
      note(reader.reader.diagnostics)
      return "\(test.name.name) #\(number + 1)"
    }
  }

  private static func isPrintable(_ kind: JSONTape.Kind) -> Bool {
    kind != .object && kind != .array && kind != .null
  }
}
