import CEL
public import PolicyEngine

/// All that a policy set is tested by: the examples of its rules and the cases of test documents.
public struct TestSuite: Sendable {
  /// The set that is tested.
  public let policies: PolicySet
  /// Examples first, then the documents, each in its order.
  public private(set) var cases: [TestCase] = []

  /// Reads test documents against a set.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong with any of them.
  public init(_ policies: PolicySet, documents: [PolicySource]) throws(PolicyLoadError) {
    self.policies = policies
    cases = policies.exampleCases().map { TestCase($0) }
    var linker = TestLinker(policies)
    linker.link(documents)
    guard linker.diagnostics.isEmpty else {
      throw PolicyLoadError(diagnostics: linker.diagnostics)
    }
    cases += linker.cases
  }

  private init(_ policies: PolicySet, cases: [TestCase]) {
    (self.policies, self.cases) = (policies, cases)
  }

  /// The cases whose full name holds the text, or, for a text with `*`, whose full name as a whole
  /// matches it; `*` stands for any run of characters.
  public func filtered(by text: String) -> TestSuite {
    guard text.contains("*"), let pattern = ActionPattern(text) else {
      let wanted = Array(text.utf8)
      return TestSuite(
        policies, cases: cases.filter { Self.holds(Array($0.fullName.utf8), wanted) })
    }
    return TestSuite(
      policies, cases: cases.filter { pattern.matches(Array($0.fullName.utf8)) })
  }

  private static func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard part.count <= text.count else { return false }
    return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
  }
}

extension TestCase {
  init(_ example: ExampleCase) {
    var expectation = Expectation()
    expectation.example = (example.rule, example.effect)
    expectation.outcome = example.expected
    suite = example.rule
    name = "\(example.expected.rawValue) example \(example.number)"
    position = example.position
    skip = nil
    self.expectation = expectation
    switch example.request {
    case .success(let bytes): request = .success(bytes)
    case .failure(let fault): request = .failure(CaseFault(message: fault.message))
    }
  }
}

/// Test documents to cases; collects all that is wrong.
struct TestLinker {
  let policies: PolicySet
  let names: KnownNames
  private(set) var diagnostics: [LoadDiagnostic] = []
  private(set) var cases: [TestCase] = []
  private var documents: [TestDocument] = []

  init(_ policies: PolicySet) {
    self.policies = policies
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

  private mutating func report(
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
      let request = request(test, row, document)
      var reader = ExpectationReader(reader: DocumentReader(file), row: row, names: names)
      let expectation = reader.read(test.expect)
      for diagnostic in reader.reader.diagnostics where !diagnostics.contains(diagnostic) {
        diagnostics.append(diagnostic)
      }
      guard let request, diagnostics.count == faults else { continue }
      cases.append(
        TestCase(
          suite: document.name.name, name: name,
          position: file.position(ofNode: node ?? test.node),
          skip: test.skip, expectation: expectation, request: .success(request)))
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
      for diagnostic in reader.reader.diagnostics where !diagnostics.contains(diagnostic) {
        diagnostics.append(diagnostic)
      }
      return "\(test.name.name) #\(number + 1)"
    }
  }

  private static func isPrintable(_ kind: JSONTape.Kind) -> Bool {
    kind != .object && kind != .array && kind != .null
  }

  // MARK: Requests

  /// The request of a row: filled in, then merged over its fixture.
  private mutating func request(
    _ test: TestDocument.Case, _ row: TableRow, _ document: TestDocument
  ) -> [UInt8]? {
    let file = document.file
    var checker = ExpectationReader(reader: DocumentReader(file), row: row, names: names)
    checker.check(test.request)
    guard checker.reader.diagnostics.isEmpty else {
      for diagnostic in checker.reader.diagnostics where !diagnostics.contains(diagnostic) {
        diagnostics.append(diagnostic)
      }
      return nil
    }
    var writer = JSONWriter(.compact)
    row.write(test.request, &writer)
    guard let like = file.tape.member("like", of: test.request) else { return writer.bytes }
    var patch = JSONTape()
    do throws(JSONError) { try patch.read(writer.bytes) } catch { return nil }
    let name = patch.member("like", of: patch.root).map { patch.string(of: $0) } ?? ""
    guard let (home, node) = fixture(name, document) else {
      let known = policies.fixtureNames.union(documents.flatMap(\.fixtures.keys))
      report(
        file, "unknown-fixture", "there is no fixture `\(name)`", like,
        help: suggestion(for: name, among: known).map { "did you mean `\($0)`?" }
          ?? "fixtures stand under `fixtures`, here, in another test document or in a policy")
      return nil
    }
    var merged = JSONWriter(.compact)
    MergePatch(base: home.tape, patch: patch).write(
      node, patch.root, leaving: "like", &merged)
    return merged.bytes
  }

  /// A fixture of the same document, or else of the policy set, or else of another test document.
  private func fixture(_ name: String, _ document: TestDocument) -> (SourceFile, Int)? {
    if let node = document.fixtures[name] { return (document.file, node) }
    if let found = policies.fixture(name) { return found }
    for other in documents {
      if let node = other.fixtures[name] { return (other.file, node) }
    }
    return nil
  }
}
