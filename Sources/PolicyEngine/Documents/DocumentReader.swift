package import CEL

/// Walks the JSON of one rule file, takes what it expects and notes everything that is not as it
/// should be.
///
/// It never stops at the first fault: a part that can't be read is left out, and the reading goes
/// on, so that an author sees all that is wrong at once.
package struct DocumentReader {
  package let file: SourceFile
  package private(set) var diagnostics: [LoadDiagnostic] = []

  package init(_ file: SourceFile) { self.file = file }

  package var tape: JSONTape { file.tape }

  package mutating func report(
    _ code: String, _ message: String, at node: Int, help: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    guard diagnostics.count < EngineLimits.diagnosticsPerFile else { return }
    diagnostics.append(
      file.diagnostic(code, message, at: tape.sourceRange(of: node), help: help, severity: severity)
    )
  }

  package mutating func add(_ diagnostic: LoadDiagnostic) {
    guard diagnostics.count < EngineLimits.diagnosticsPerFile else { return }
    diagnostics.append(diagnostic)
  }

  package static func describe(_ kind: JSONTape.Kind) -> String {
    switch kind {
    case .null: "null"
    case .true, .false: "a boolean"
    case .int, .uint, .double: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  package mutating func wrongType(_ node: Int, _ what: String, _ wanted: String) {
    report(
      "wrong-type",
      "\(Self.quoted(what)) must be \(wanted), this is \(Self.describe(tape.kind(of: node)))",
      at: node)
  }

  /// A field's name in backticks; a phrase such as ``role `admin` `` as it is.
  private static func quoted(_ what: String) -> String {
    what.utf8.contains(UInt8(ascii: " ")) ? what : "`\(what)`"
  }

  /// The word that the author most likely meant; case does not count.
  private static func nearest(_ text: String, _ words: [String]) -> String? {
    let lower = text.lowercased()
    return (words.contains(lower) ? lower : suggestion(for: text, among: words)).map {
      "did you mean `\($0)`?"
    }
  }

  // MARK: Objects

  /// The members of an object by name, with unknown names reported. Nil if it is not an object.
  package mutating func members(
    of node: Int, _ what: String, known: [String], required: [String] = []
  ) -> Members? {
    members(of: node, known: known, required: required) { _ in what }
  }

  /// The same, with a name of the object for messages alone.
  mutating func members(
    of node: Int, known: [String], required: [String], what: (DocumentReader) -> String
  ) -> Members? {
    guard tape.kind(of: node) == .object else {
      wrongType(node, what(self), "an object")
      return nil
    }
    var members = Members(known)
    for name in tape.children(of: node) where !members.add(name, tape) {
      let text = tape.string(of: name)
      report(
        "unknown-field", "unknown field `\(text)` in \(Self.quoted(what(self)))", at: name,
        help: Self.nearest(text, known)
          ?? "known are \(known.filter { $0 != "$schema" }.map { "`\($0)`" }.joined(separator: ", "))"
      )
    }
    for name in required where members[name] == nil {
      let range = tape.sourceRange(of: node)
      add(
        file.diagnostic(
          "missing-field", "\(Self.quoted(what(self))) has no `\(name)`",
          at: range.lowerBound..<range.lowerBound + 1))
    }
    return members
  }

  /// Names and values of an object whose names the author chooses, each name checked.
  package mutating func entries(of node: Int?, _ what: String) -> [(
    name: String, key: Int, value: Int
  )] {
    guard let node else { return [] }
    guard tape.kind(of: node) == .object else {
      wrongType(node, what, "an object")
      return []
    }
    var entries: [(String, Int, Int)] = []
    for key in tape.children(of: node) {
      entries.append((tape.string(of: key), key, key + 1))
    }
    return entries
  }

  // MARK: Scalars

  package mutating func string(_ node: Int?, _ what: String) -> String? {
    guard let node else { return nil }
    guard tape.kind(of: node) == .string else {
      wrongType(node, what, "a string")
      return nil
    }
    return tape.string(of: node)
  }

  package mutating func strings(_ node: Int?, _ what: String) -> [Named] {
    elements(node, what).compactMap { element in
      string(element, "an element of `\(what)`").map { Named(name: $0, node: element) }
    }
  }

  /// Names of roles or privileges that are declared somewhere.
  package mutating func identifiers(_ node: Int?, _ what: String) -> [Named] {
    strings(node, what).filter {
      checkedIdentifier($0.name, $0.node, "an element of `\(what)`") != nil
    }
  }

  package mutating func elements(_ node: Int?, _ what: String) -> [Int] {
    guard let node else { return [] }
    guard tape.kind(of: node) == .array else {
      wrongType(node, what, "an array")
      return []
    }
    return Array(tape.children(of: node))
  }

  /// A string that must be one of a few words.
  package mutating func word<T: RawRepresentable<String> & CaseIterable>(
    _ node: Int?, _ what: String, _ type: T.Type
  ) -> T? {
    guard let node, let text = string(node, what) else { return nil }
    if let value = T(rawValue: text) { return value }
    let words = T.allCases.map(\.rawValue)
    report(
      "unknown-word", "`\(what)` can't be `\(text)`", at: node,
      help: Self.nearest(text, words)
        ?? "it is one of \(words.map { "`\($0)`" }.joined(separator: ", "))")
    return nil
  }

  package mutating func integer(_ node: Int?, _ what: String, _ range: ClosedRange<Int64>) -> Int? {
    guard let node else { return nil }
    guard tape.kind(of: node) == .int, range.contains(tape.nodes[node].int) else {
      report(
        "wrong-type",
        "`\(what)` must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: node
      )
      return nil
    }
    return Int(tape.nodes[node].int)
  }

  package mutating func bool(_ node: Int?, _ what: String) -> Bool? {
    guard let node else { return nil }
    switch tape.kind(of: node) {
    case .true: return true
    case .false: return false
    default:
      wrongType(node, what, "true or false")
      return nil
    }
  }

  /// A name that other parts of the set refer to: letters, digits, `_`, `-`, `.`, at most 128.
  package mutating func identifier(_ node: Int?, _ what: String) -> String? {
    guard let node, let text = string(node, what) else { return nil }
    return checkedIdentifier(text, node, what)
  }

  package mutating func checkedIdentifier(_ text: String, _ node: Int, _ what: String) -> String? {
    let allowed = text.utf8.allSatisfy { byte in
      byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a
        || byte == 0x5f || byte == 0x2d || byte == 0x2e
    }
    guard allowed, !text.isEmpty, text.utf8.count <= 128 else {
      report(
        "invalid-name", "\(Self.quoted(what)) must be 1 to 128 letters, digits, `_`, `-` or `.`",
        at: node)
      return nil
    }
    return text
  }
}

/// A name with the node where it stands.
package struct Named: Sendable {
  package var name: String
  package var node: Int

  package init(name: String, node: Int) {
    (self.name, self.node) = (name, node)
  }
}
