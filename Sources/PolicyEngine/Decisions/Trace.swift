import CEL

/// What an evaluation found, before it is put into words.
struct Trace: Sendable {
  var stage: Stage?
  var denials: [(rule: Int, value: Value)] = []
  var warnings: [(rule: Int, value: Value)] = []
  var audit: [(rule: Int, value: Value)] = []
  /// A role grants the action; which one is worked out when somebody asks.
  var isGrantedByRole = false
  var ruleGrants: [Int] = []
  /// The subject is limited, and its limit does not reach the action.
  var isBeyondLimit = false
  /// The subject is limited to its roles, so that no rule's grant is one.
  var isGrantedByRolesAlone = false
  /// Nothing grants the action.
  var isRefused = false
  /// What is known of the action.
  var action = ActionMemory.Place()
  /// The action, by text id.
  var actionText: TextID = 0

  var isGranted: Bool {
    !isBeyondLimit && (isGrantedByRole || !ruleGrants.isEmpty && !isGrantedByRolesAlone)
  }
  var isDenied: Bool { isRefused || !denials.isEmpty }
  var outcome: Outcome { isDenied ? .deny : warnings.isEmpty ? .allow : .warn }

  mutating func reset() {
    stage = nil
    if !denials.isEmpty { denials.removeAll(keepingCapacity: true) }
    if !warnings.isEmpty { warnings.removeAll(keepingCapacity: true) }
    if !audit.isEmpty { audit.removeAll(keepingCapacity: true) }
    if !ruleGrants.isEmpty { ruleGrants.removeAll(keepingCapacity: true) }
    isGrantedByRole = false
    isRefused = false
    isBeyondLimit = false
    isGrantedByRolesAlone = false
  }
}
