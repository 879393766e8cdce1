import CEL
import PolicyEngine

/// The names that tests may refer to.
struct KnownNames {
  let rules, roles, privileges: Set<String>

  init(_ policies: PolicySet) {
    rules = Set(policies.ruleNames)
    roles = Set(policies.roleNames)
    privileges = Set(policies.privilegeNames)
  }
}

/// Reads what a case expects, with the columns of one row filled in.
struct ExpectationReader {
  var reader: DocumentReader
  let row: TableRow
  let names: KnownNames
  /// Whether the case asks for an operation, which the registry may refuse though policies allow it.
  var isOperation = false

  static let fields = [
    "outcome", "stage", "rules", "includes", "excludes", "roles", "privileges", "message",
    "warnings", "audit", "failures", "missing", "error", "request_error", "obstacle",
  ]

  mutating func read(_ node: Int) -> Expectation {
    var expectation = Expectation()
    guard let members = reader.members(of: node, "expect", known: Self.fields) else {
      return expectation
    }
    expectation.outcome = word(members["outcome"], "outcome", Outcome.self)
    expectation.stage = word(members["stage"], "stage", Stage.self)
    expectation.rules = known(members["rules"], "rules", "rule", names.rules)
    expectation.includes = known(members["includes"], "includes", "rule", names.rules)
    expectation.excludes = known(members["excludes"], "excludes", "rule", names.rules)
    expectation.warnings = known(members["warnings"], "warnings", "rule", names.rules)
    expectation.audit = known(members["audit"], "audit", "rule", names.rules)
    expectation.failures = known(members["failures"], "failures", "rule", names.rules) ?? []
    expectation.roles = known(members["roles"], "roles", "role", names.roles)
    expectation.privileges = known(
      members["privileges"], "privileges", "privilege", names.privileges)
    expectation.message = text(members["message"], "message")?.text
    expectation.missing = texts(members["missing"], "missing")?.map(\.text)
    expectation.requestError = text(members["request_error"], "request_error")?.text
    expectation.obstacle = text(members["obstacle"], "obstacle")?.text
    if let place = members["obstacle"], !isOperation {
      reader.report(
        "obstacle-without-operation", "only an `operation` meets obstacles", at: place - 1)
    }
    readError(members["error"], &expectation)
    if expectation.isEmpty, reader.diagnostics.isEmpty {
      reader.report(
        "no-expectation", "a case that expects nothing can't fail", at: node,
        help: "say what must come of it: `\"outcome\": \"deny\"`")
    }
    return expectation
  }

  private mutating func readError(_ node: Int?, _ expectation: inout Expectation) {
    guard let node = resolved(node, "error"),
      let members = reader.members(of: node, "error", known: ["status", "type", "reason"])
    else { return }
    expectation.status = resolved(members["status"], "status").flatMap {
      reader.integer($0, "status", 100...599)
    }
    expectation.errorType = text(members["type"], "type")?.text
    expectation.errorReason = text(members["reason"], "reason")?.text
  }

  // MARK: Values

  /// The node behind a column, for values that are no texts; nil for null, which means: not looked
  /// at.
  private mutating func resolved(_ node: Int?, _ what: String) -> Int? {
    guard let node else { return nil }
    switch row.resolve(node) {
    case .node(let value):
      // Only a column can be null on purpose.
      return value != node && reader.tape.kind(of: value) == .null ? nil : value
    case .text:
      reader.wrongType(node, what, "a value of its own, not a part of a text")
    case .unknown(let column): unknown(column, node)
    case .unprintable(let column, let value): unprintable(column, value)
    }
    return nil
  }

  private mutating func text(_ node: Int?, _ what: String) -> (text: String, node: Int)? {
    guard let node else { return nil }
    switch row.resolve(node) {
    case .text(let text): return (text, node)
    case .node(let value):
      if value != node, reader.tape.kind(of: value) == .null { return nil }
      return reader.string(value, what).map { ($0, value) }
    case .unknown(let column): unknown(column, node)
    case .unprintable(let column, let value): unprintable(column, value)
    }
    return nil
  }

  private mutating func texts(_ node: Int?, _ what: String) -> [(text: String, node: Int)]? {
    guard let list = resolved(node, what) else { return nil }
    return reader.elements(list, what).compactMap { text($0, "an element of `\(what)`") }
  }

  private mutating func known(
    _ node: Int?, _ what: String, _ kind: String, _ names: Set<String>
  ) -> [String]? {
    guard let found = texts(node, what) else { return nil }
    for (text, node) in found where !names.contains(text) {
      reader.report(
        "unknown-\(kind)", "there is no \(kind) `\(text)`", at: node,
        help: suggestion(for: text, among: names).map { "did you mean `\($0)`?" })
    }
    return found.map(\.text)
  }

  private mutating func word<T: RawRepresentable<String> & CaseIterable>(
    _ node: Int?, _ what: String, _ type: T.Type
  ) -> T? {
    guard let (text, place) = text(node, what) else { return nil }
    if let value = T(rawValue: text) { return value }
    // A word that was put together has no place of its own that would read as the word.
    guard reader.tape.isString(place, text) else {
      reader.report("unknown-word", "`\(what)` can't be `\(text)`", at: place)
      return nil
    }
    return reader.word(place, what, type)
  }

  mutating func unknown(_ column: String, _ node: Int) {
    let columns = (row.columns ?? [:]).keys.sorted()
    reader.report(
      "unknown-column", "the table has no column `\(column)`", at: node,
      help: suggestion(for: column, among: columns).map { "did you mean `\($0)`?" }
        ?? "write `$${` for the characters themselves")
  }

  mutating func unprintable(_ column: String, _ value: Int) {
    reader.report(
      "wrong-type",
      "column `\(column)` stands inside a text, so it must be a string, a number or a boolean, this is \(DocumentReader.describe(reader.tape.kind(of: value)))",
      at: value)
  }

  /// Reports what can't be filled in, in a request.
  mutating func check(_ node: Int) {
    switch reader.tape.kind(of: node) {
    case .object: for name in reader.tape.children(of: node) { check(name + 1) }
    case .array: for element in reader.tape.children(of: node) { check(element) }
    default:
      switch row.resolve(node) {
      case .unknown(let column): unknown(column, node)
      case .unprintable(let column, let value): unprintable(column, value)
      default: break
      }
    }
  }
}
