package import CEL

/// A rule that has been checked and given its place in the program.
package struct LinkedRule: Sendable {
  package var id: String
  package var policy: String
  package var description: String
  package var source: String?
  package var effect: Effect
  package var stage: Stage
  package var mode: Mode
  /// Nil: every action.
  package var actions: ActionSet?
  /// Resource types by text id, nil: every type.
  package var resourceTypes: [TextID]?
  package var when: Program.Entry?
  package var unless: Program.Entry?
  var message: Template?
  package var error: ProtocolError?
  package var position: SourcePosition
}

/// What rules about the same actions and resource types share. A class, so that handing it around
/// costs one reference.
final class RuleScope: Sendable {
  /// Nil: every action.
  let actions: ActionSet?
  /// Resource types by text id, nil: every type.
  let types: [TextID]?
  /// What their conditions are checked in, and its number.
  let environment: Environment
  let number: Int
  /// Says the same of the environment in another load, given the same vocabularies and definitions;
  /// nil if nothing does.
  let name: String?

  init(
    actions: ActionSet? = nil, types: [TextID]? = nil, environment: Environment, number: Int,
    name: String? = nil
  ) {
    (self.actions, self.types) = (actions, types)
    (self.environment, self.number, self.name) = (environment, number, name)
  }
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
