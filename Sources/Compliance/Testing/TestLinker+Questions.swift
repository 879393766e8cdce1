import CEL
import PolicyEngine

/// A JSON object that a case asks with: filled in, and merged over its fixture.
struct FilledObject {
  var bytes: [UInt8]
  /// What stands in the case, and its file.
  var file: SourceFile
  var node: Int
  var row: TableRow
  /// The fixture that it is merged over.
  var fixture: (file: SourceFile, node: Int)?

  /// Where a member of the filled object comes from: the case, a column of its table or the
  /// fixture; for what is missing, where it would stand.
  func origin(of path: [PathStep]) -> (file: SourceFile, range: Range<Int>) {
    let (own, isWhole) = Self.follow(path, from: node, file, row)
    if !isWhole, let fixture {
      let plain = TableRow(columns: nil, tape: fixture.file.tape)
      let (other, isWhole) = Self.follow(path, from: fixture.node, fixture.file, plain)
      if isWhole { return (fixture.file, other) }
    }
    return (file, own)
  }

  /// As far as a path leads, and whether that is all of it.
  private static func follow(
    _ path: [PathStep], from root: Int, _ file: SourceFile, _ row: TableRow
  ) -> (Range<Int>, isWhole: Bool) {
    var node = root
    for step in path {
      let found: Int?
      switch step {
      case .member(let name): found = file.tape.member(name, of: node)
      case .name(let name): found = file.tape.member(name, of: node).map { $0 - 1 }
      case .element(let index):
        let elements = file.tape.kind(of: node) == .array ? Array(file.tape.children(of: node)) : []
        found = elements.indices.contains(index) ? elements[index] : nil
      }
      guard let found else { return (file.tape.sourceRange(of: node), false) }
      node = found
      // What a column stands for has its place in the row.
      if case .node(let value) = row.resolve(node) { node = value }
    }
    return (file.tape.sourceRange(of: node), true)
  }
}

/// A step from a JSON value into it.
enum PathStep: Hashable {
  case member(String)
  /// The name of a member itself.
  case name(String)
  case element(Int)
}

extension JSONTape {
  /// The way to the first node of which something holds.
  func path(where holds: (Int) -> Bool) -> [PathStep]? { path(from: root, where: holds) }

  private func path(from node: Int, where holds: (Int) -> Bool) -> [PathStep]? {
    if holds(node) { return [] }
    switch kind(of: node) {
    case .object:
      for name in children(of: node) {
        let text = string(of: name)
        if holds(name) { return [.name(text)] }
        if let rest = path(from: name + 1, where: holds) { return [.member(text)] + rest }
      }
    case .array:
      for (index, element) in children(of: node).enumerated() {
        if let rest = path(from: element, where: holds) { return [.element(index)] + rest }
      }
    default: break
    }
    return nil
  }
}

extension TestLinker {
  /// What a row asks; nil if something is wrong with it.
  mutating func question(
    _ asks: TestDocument.Question, _ row: TableRow, _ document: TestDocument
  ) -> (request: [UInt8], obstacle: Obstacle?)? {
    switch asks {
    case .request(let node): return filled(node, row, document).map { ($0.bytes, nil) }
    case .operation(let node, let registryNode):
      let operation = filled(node, row, document)
      let registry = registryNode.flatMap { filled($0, row, document) }
      guard let operation, (registry == nil) == (registryNode == nil) else { return nil }
      guard let rehearse else {
        report(
          document.file, "no-registry", "operations can't be tried here", node,
          help: "run it by `modelgate test`, or give the suite what tries them")
        return nil
      }
      do throws(PolicyLoadError) {
        let (request, obstacle) = try rehearse(
          PolicySource(name: Self.operationName, bytes: operation.bytes),
          registry.map { PolicySource(name: Self.registryName, bytes: $0.bytes) })
        var writer = JSONWriter(.compact)
        request.write(to: &writer)
        return (writer.bytes, obstacle.map { Obstacle(kind: $0.kind, message: $0.message) })
      } catch {
        note(error.diagnostics.map { place($0, operation, registry) })
        return nil
      }
    }
  }

  private static let operationName = "the operation"
  private static let registryName = "the registry"

  /// Moves a diagnostic from the filled object to where its author wrote it.
  private func place(
    _ diagnostic: LoadDiagnostic, _ operation: FilledObject, _ registry: FilledObject?
  ) -> LoadDiagnostic {
    let isRegistry = diagnostic.position.file == Self.registryName
    let filled = isRegistry ? registry ?? operation : operation
    let source = PolicySource(name: diagnostic.position.file, bytes: filled.bytes)
    var path: [PathStep] = []
    if let file = try? SourceFile(reading: source, index: 0) {
      path = file.tape.path { file.position(ofNode: $0) == diagnostic.position } ?? []
    }
    let (file, range) = filled.origin(of: path)
    return file.diagnostic(
      diagnostic.code, diagnostic.message, at: range, help: diagnostic.help,
      severity: diagnostic.severity)
  }

  // MARK: Filling in

  /// An object with its columns filled in, merged over its fixture.
  private mutating func filled(
    _ node: Int, _ row: TableRow, _ document: TestDocument
  ) -> FilledObject? {
    let file = document.file
    var checker = ExpectationReader(reader: DocumentReader(file), row: row, names: names)
    checker.check(node)
    guard checker.reader.diagnostics.isEmpty else {
      note(checker.reader.diagnostics)
      return nil
    }
    var writer = JSONWriter(.compact)
    row.write(node, &writer)
    var filled = FilledObject(bytes: writer.bytes, file: file, node: node, row: row)
    guard let like = file.tape.member("like", of: node) else { return filled }
    var patch = JSONTape()
    do throws(JSONError) { try patch.read(writer.bytes) } catch { return nil }
    let name = patch.member("like", of: patch.root).map { patch.string(of: $0) } ?? ""
    guard let (home, base) = fixture(name, document) else {
      let known = policies.fixtureNames.union(documents.flatMap(\.fixtures.keys))
      report(
        file, "unknown-fixture", "there is no fixture `\(name)`", like,
        help: suggestion(for: name, among: known).map { "did you mean `\($0)`?" }
          ?? "fixtures stand under `fixtures`, here, in another test document or in a policy")
      return nil
    }
    var merged = JSONWriter(.compact)
    MergePatch(base: home.tape, patch: patch).write(base, patch.root, leaving: "like", &merged)
    (filled.bytes, filled.fixture) = (merged.bytes, (home, base))
    return filled
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
