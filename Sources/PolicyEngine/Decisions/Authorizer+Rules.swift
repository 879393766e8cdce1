/// The rules behind the last outcome, by their numbers in `PolicySet.rules`: for tools that compare
/// many outcomes and need no words.
extension Authorizer {
  /// Rules that denied. A denial without any comes of nothing granting the action.
  package var denyingRules: [Int] { trace.denials.map(\.rule) }

  /// Rules that warned.
  package var warningRules: [Int] { trace.warnings.map(\.rule) }

  /// Whether the last outcome is a denial because nothing grants the action.
  package var isRefused: Bool { trace.isRefused }

  /// Whether a role grants the action.
  package var isGrantedByRole: Bool { trace.isGrantedByRole }
}
