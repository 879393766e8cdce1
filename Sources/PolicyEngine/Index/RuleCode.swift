import CEL

/// What the engine needs of a rule to ask it: plain numbers, so that asking costs no reference
/// count.
struct RuleCode: BitwiseCopyable, Sendable {
  /// When a rule is asked: the stages, and within `authorization` what allows before what denies.
  enum Phase: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case validation, grants, authorization, admission

    init(_ effect: Effect, _ stage: Stage) {
      switch stage {
      case .validation: self = .validation
      case .authorization: self = effect == .allow ? .grants : .authorization
      case .admission: self = .admission
      }
    }

    var stage: Stage {
      switch self {
      case .validation: .validation
      case .grants, .authorization: .authorization
      case .admission: .admission
      }
    }
  }
  /// What a rule that applies is filed under.
  enum Verdict: UInt8, BitwiseCopyable, Sendable {
    case grant, grantWithWarning, deny, warn, audit
  }

  /// Program counters of the conditions, or -1.
  var when: Int32 = -1
  var unless: Int32 = -1
  var phase: Phase
  var verdict: Verdict
  /// Its resource types in `RuleIndex.types`; none: every type.
  var typeStart: Int32 = 0
  var typeCount: Int32 = 0

  /// What is asked first: the condition, or the exception of a rule without one.
  func question(_ rule: Int32) -> Question {
    Question(
      pc: when >= 0 ? when : unless, passing: when < 0, rule: rule, group: phase.rawValue)
  }

  /// The code of one of many rules, read where it stands: copying a rule costs a dozen references.
  init(_ rules: [LinkedRule], _ index: Int) {
    phase = Phase(rules[index].effect, rules[index].stage)
    when = rules[index].when?.pc ?? -1
    unless = rules[index].unless?.pc ?? -1
    switch (rules[index].effect, rules[index].mode) {
    case (_, .audit): verdict = .audit
    case (.allow, .enforce): verdict = .grant
    case (.allow, .warn): verdict = .grantWithWarning
    case (.deny, .enforce): verdict = .deny
    default: verdict = .warn
    }
  }
}

/// What is known of one action: places in the flat lists of a `RuleIndex`.
struct ActionEntry: BitwiseCopyable, Sendable {
  /// Sets that hold the action.
  var setStart: Int32 = 0
  var setCount: Int32 = 0
  /// Privileges that grant it, in order.
  var privilegeStart: Int32 = 0
  var privilegeCount: Int32 = 0
  /// Rules that are about it and not indexed further, in the order in which they are asked.
  var ruleStart: Int32 = 0
  var ruleCount: Int32 = 0
  /// Groups of indexed rules that are about it.
  var groupStart: Int32 = 0
  var groupCount: Int32 = 0
}
