import CEL
import PolicyEngine

/// Reads one file of an export. A member that is null is one that is not there.
struct ExportReader {
  private var reader: DocumentReader

  init(_ file: SourceFile) { reader = DocumentReader(file) }

  var file: SourceFile { reader.file }
  var tape: JSONTape { reader.tape }
  var root: Int { tape.root }
  var diagnostics: [LoadDiagnostic] { reader.diagnostics }

  mutating func report(
    _ code: String, _ message: String, at node: Int, help: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    reader.report(code, message, at: node, help: help, severity: severity)
  }

  /// A remark: something was read as far as it goes.
  mutating func note(_ code: String, _ message: String, at node: Int, help: String? = nil) {
    report(code, message, at: node, help: help, severity: .warning)
  }

  mutating func reportUnknown(_ system: ExportSystem) {
    let kinds = ExportKind.allCases.filter { $0.system == system }.map(\.rawValue)
    report(
      "unknown-export", "this is no answer of \(system.title) that can be used", at: root,
      help: "it takes the answers to \(kinds.joined(separator: ", "))")
  }

  // MARK: Members

  func member(_ name: String, of node: Int?) -> Int? {
    guard let node, let found = tape.member(name, of: node), tape.kind(of: found) != .null else {
      return nil
    }
    return found
  }

  /// A member below others.
  func member(_ path: [String], of node: Int?) -> Int? {
    path.reduce(node) { member($1, of: $0) }
  }

  /// Names and values of the root, but `_meta`, which YAML files that became JSON have.
  mutating func entries() -> [(name: String, key: Int, value: Int)] {
    reader.entries(of: root, "the answer").filter { $0.name != "_meta" }
  }

  mutating func text(_ name: String, of node: Int) -> String? {
    reader.string(member(name, of: node), name)
  }

  mutating func required(_ name: String, of node: Int) -> String? {
    guard member(name, of: node) != nil else {
      reader.report("missing-field", "there is no `\(name)` here", at: node)
      return nil
    }
    return text(name, of: node)
  }

  mutating func texts(_ name: String, of node: Int) -> [String] {
    reader.strings(member(name, of: node), name).map(\.name)
  }

  mutating func named(_ name: String, of node: Int) -> [Named] {
    reader.strings(member(name, of: node), name)
  }

  mutating func elements(_ name: String, of node: Int) -> [Int] {
    reader.elements(member(name, of: node), name)
  }

  mutating func bool(_ name: String, of node: Int) -> Bool? {
    reader.bool(member(name, of: node), name)
  }

  mutating func int(_ name: String, of node: Int) -> Int? {
    reader.integer(member(name, of: node), name, Int64.min...Int64.max)
  }

  /// A whole number, also as a text, in which form some versions give it.
  mutating func number(_ name: String, of node: Int) -> Int? {
    if let found = member(name, of: node), tape.kind(of: found) == .string,
      let value = Int(tape.string(of: found))
    {
      return value
    }
    return int(name, of: node)
  }

  /// The names of an object's members, in their order.
  func names(of node: Int?) -> [String] {
    guard let node, tape.kind(of: node) == .object else { return [] }
    return tape.children(of: node).map { tape.string(of: $0) }
  }

  /// How many elements or members something has.
  func count(of node: Int?) -> Int {
    guard let node, [.array, .object].contains(tape.kind(of: node)) else { return 0 }
    return tape.nodes[node].count
  }

  // MARK: Kinds

  /// The aliases in a cluster's state, by themselves or with what is around them.
  var aliasMetadata: Int? {
    for path in [
      ["metadata", "trained_model_alias", "model_aliases"],
      ["trained_model_alias", "model_aliases"], ["model_aliases"],
    ] {
      if let found = member(path, of: root) { return found }
    }
    return nil
  }

  /// The first kind of which any entry has all of the members.
  func kind(ofEntries kinds: [(kind: ExportKind, members: [String])]) -> ExportKind? {
    guard tape.kind(of: root) == .object else { return nil }
    for (kind, members) in kinds {
      for key in tape.children(of: root)
      where members.allSatisfy({ member($0, of: key + 1) != nil }) { return kind }
    }
    return nil
  }
}
