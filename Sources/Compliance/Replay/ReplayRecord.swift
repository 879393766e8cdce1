import CEL
import PolicyEngine

/// What came of a request, on one side of a replay.
struct ReplayOutcome: Sendable {
  var isAllowed: Bool
  /// Whether there was a warning; nil if the log does not say.
  var isWarned: Bool?
  /// Rules that denied; nil if the log does not say. Empty for a denial that nothing granted.
  var denials: [String]?
  /// Rules that warned; nil if the log does not say.
  var warnings: [String]?

  var word: String {
    isAllowed ? (isWarned ?? false ? "warn" : "allow") : "deny"
  }
}

/// One line of a log.
///
/// Any of these, with members that are not named here left alone:
///
/// - an AuthZEN evaluation with `decision` beside it: `{"subject", "action", "resource", "context",
///   "decision": true}`
/// - a request beside its answer: `{"request": {…}, "decision": true, "context": {"outcome",
///   "reasons", "warnings"}}`, where the answer may also be an object called `decision`, `response` or
///   `answer`: what `modelgate check --format json` writes, with its request
/// - a record of a decision log: `{"request": {…}, "outcome": "deny", "reasons": […], "warnings":
///   […]}`, by itself or as the `record` of a chained entry
///
/// `reasons` and `warnings` hold ids of rules, or objects with `rule`.
struct ReplayRecord {
  struct Fault: Error { let message: String }

  /// Where the request stands.
  let request: Int
  private var decision: Int?
  private var outcome: Int?
  private var reasons: Int?
  private var warnings: Int?

  /// Nil if the line is an entry of a log that is no decision.
  init?(_ tape: borrowing JSONTape, needsDecision: Bool) throws(Fault) {
    guard tape.kind(of: tape.root) == .object else {
      throw Fault(message: "a line must be an object")
    }
    var root = tape.root
    if let record = tape.member("record", of: root), tape.kind(of: record) == .object {
      root = record
    }
    guard let request = tape.member("request", of: root) ?? Self.bare(root, tape) else {
      // Changes of policies and signatures of the log stand between its decisions.
      if tape.member("signature", of: root) != nil || Self.isPolicyChange(root, tape) { return nil }
      throw Fault(message: "there is no `request`, and no `subject`, `action` and `resource`")
    }
    self.request = request
    guard tape.kind(of: request) == .object else {
      throw Fault(message: "`request` must be an object")
    }
    guard tape.member("evaluations", of: request) == nil else {
      throw Fault(message: "a batch can't be replayed: log each of its evaluations on a line")
    }
    readAnswer(root, isBare: request == root, tape)
    guard needsDecision else { return }
    try check(tape)
  }

  private static func bare(_ root: Int, _ tape: borrowing JSONTape) -> Int? {
    tape.member("subject", of: root) != nil || tape.member("action", of: root) != nil
      || tape.member("evaluations", of: root) != nil ? root : nil
  }

  private static func isPolicyChange(_ root: Int, _ tape: borrowing JSONTape) -> Bool {
    guard let kind = tape.member("kind", of: root) else { return false }
    return tape.isString(kind, "policy")
  }

  /// The members of the answer, wherever they stand. The `context` beside a bare request is the
  /// request's own.
  private mutating func readAnswer(_ root: Int, isBare: Bool, _ tape: borrowing JSONTape) {
    var places = [root]
    for name in ["decision", "response", "answer"] {
      if let node = tape.member(name, of: root), tape.kind(of: node) == .object {
        places.append(node)
      }
    }
    for place in places where !(isBare && place == root) {
      if let context = tape.member("context", of: place), tape.kind(of: context) == .object {
        places.append(context)
      }
    }
    for place in places {
      if decision == nil, let node = tape.member("decision", of: place),
        tape.kind(of: node) != .object
      {
        decision = node
      }
      outcome = outcome ?? tape.member("outcome", of: place)
      reasons = reasons ?? tape.member("reasons", of: place)
      warnings = warnings ?? tape.member("warnings", of: place)
    }
  }

  private func check(_ tape: borrowing JSONTape) throws(Fault) {
    if let outcome {
      guard Outcome(rawValue: tape.string(of: outcome)) != nil, tape.kind(of: outcome) == .string
      else {
        throw Fault(message: "`outcome` must be `allow`, `warn` or `deny`")
      }
    } else if let decision {
      guard tape.kind(of: decision) == .true || tape.kind(of: decision) == .false else {
        throw Fault(message: "`decision` must be true or false")
      }
    } else {
      throw Fault(message: "there is no `decision` and no `outcome`: nothing to compare with")
    }
    if let decision, let outcome, tape.kind(of: decision) != .string {
      guard (tape.kind(of: decision) == .true) != tape.isString(outcome, "deny") else {
        throw Fault(message: "`decision` and `outcome` contradict each other")
      }
    }
  }

  /// What was recorded.
  func outcome(_ tape: borrowing JSONTape) -> ReplayOutcome {
    guard let outcome else {
      let isAllowed = decision.map { tape.kind(of: $0) == .true } ?? false
      let warned = names(warnings, tape)
      return ReplayOutcome(
        isAllowed: isAllowed, isWarned: warned.map { isAllowed && !$0.isEmpty },
        denials: isAllowed ? [] : names(reasons, tape), warnings: isAllowed ? warned : [])
    }
    let isAllowed = !tape.isString(outcome, "deny")
    let isWarned = tape.isString(outcome, "warn")
    return ReplayOutcome(
      isAllowed: isAllowed, isWarned: isWarned,
      denials: isAllowed ? [] : names(reasons, tape),
      warnings: isWarned ? names(warnings, tape) : [])
  }

  /// Ids of rules in a list; nil if there is none.
  private func names(_ list: Int?, _ tape: borrowing JSONTape) -> [String]? {
    guard let list, tape.kind(of: list) == .array else { return nil }
    var names: [String] = []
    for element in tape.children(of: list) {
      switch tape.kind(of: element) {
      case .string: names.append(tape.string(of: element))
      case .object:
        if let rule = tape.member("rule", of: element) { names.append(tape.string(of: rule)) }
      default: break
      }
    }
    return names
  }
}

/// Who wanted to do what to what, for examples and groups.
struct RequestNames {
  let subject, action, resource: String

  init(_ request: Int, _ tape: borrowing JSONTape) {
    func text(_ part: String, _ name: String) -> String {
      guard let node = tape.member(part, of: request), let value = tape.member(name, of: node)
      else { return "?" }
      return tape.string(of: value)
    }
    subject = "\(text("subject", "type")) \(text("subject", "id"))"
    action = text("action", "name")
    resource = "\(text("resource", "type")) \(text("resource", "id"))"
  }
}
