import CEL

/// A rule that has been checked and given its place in the program.
struct LinkedRule: Sendable {
  var id: String
  var policy: String
  var description: String
  var source: String?
  var effect: Effect
  var stage: Stage
  var mode: Mode
  /// Nil: every action.
  var actions: ActionSet?
  /// Resource types by text id, nil: every type.
  var resourceTypes: [TextID]?
  var when: Program.Entry?
  var unless: Program.Entry?
  var message: Template?
  var error: ProtocolError?
  var position: SourcePosition
  /// Texts that the condition requires, for the index.
  var atoms: [ConditionAtom] = []
}

/// What to say when nothing grants an action.
struct LinkedUnauthorized: Sendable {
  var actions: ActionSet?
  var message: Template
  var error: ProtocolError?
}

/// An example of a rule: a request, and what must come of it.
struct LinkedExample: Sendable {
  var rule: Int
  var expected: Outcome
  var file: Int
  var node: Int
}
