import CEL
import PolicyEngine

/// Which actions and types of resources are compared.
///
/// Actions that vocabularies declare, that are named exactly, or that conditions compare with; and
/// one name for every other way in which the patterns of both sets can match: each pattern by
/// itself and each two together.
struct DiffScope {
  let actions: [String]
  /// Whether there were too many combinations of patterns to try all of them.
  let isCut: Bool
  private let declaredTypes: [String: String]
  private let constants: [String]

  init(_ sets: [PolicySet], constants: (actions: [String], types: [String])) {
    var patterns: [String] = []
    var declared: [String] = []
    var types: [String: String] = [:]
    for set in sets {
      let listing = set.listing()
      patterns += listing.rules.flatMap { $0.actions ?? [] }
      patterns += listing.privileges.flatMap { $0.actions + $0.exceptions }
      patterns += listing.roles.flatMap(\.actions)
      for file in set.files {
        var reader = DocumentReader(file)
        guard file.tape.member("policy", of: file.tape.root) == nil,
          let vocabulary = reader.vocabulary()
        else { continue }
        for action in vocabulary.actions {
          declared.append(action.name.name)
          types[action.name.name] = action.resource?.name
        }
      }
    }
    declaredTypes = types
    self.constants = constants.types
    let names = Self.names(Array(Set(patterns)).sorted(), declared + constants.actions)
    (actions, isCut) = names
  }

  /// Names with all ways to be matched.
  private static func names(
    _ patterns: [String], _ known: [String]
  ) -> (names: [String], isCut: Bool) {
    let compiled = patterns.compactMap { ActionPattern($0) }
    var seen: Set<[Bool]> = []
    var kept: [String] = []
    func add(_ name: String, always: Bool) {
      guard !kept.contains(name) else { return }
      let bytes = Array(name.utf8)
      let isNew = seen.insert(compiled.map { $0.matches(bytes) }).inserted
      if isNew || always { kept.append(name) }
    }
    for name in known { add(name, always: true) }
    for pattern in patterns where !pattern.contains("*") { add(pattern, always: true) }
    let wild = patterns.filter { $0.contains("*") }
    for pattern in wild { add(pattern.replacing("*", with: "anything"), always: false) }
    add("anything", always: false)
    let isCut = wild.count > AnalysisLimits.diffPatterns
    for (index, first) in wild.prefix(AnalysisLimits.diffPatterns).enumerated() {
      for second in wild.prefix(index) {
        if let name = common(first, second) { add(name, always: false) }
      }
    }
    return (kept.sorted(), isCut)
  }

  /// A name that two patterns match, if their ends go together.
  private static func common(_ first: String, _ second: String) -> String? {
    func ends(_ pattern: String) -> (Substring, Substring) {
      let start = pattern.prefix { $0 != "*" }
      return (
        start,
        pattern[
          (pattern.lastIndex(of: "*").map { pattern.index(after: $0) } ?? pattern.endIndex)...]
      )
    }
    let ((head, tail), (otherHead, otherTail)) = (ends(first), ends(second))
    let name =
      (head.utf8.count > otherHead.utf8.count ? head : otherHead) + "anything"
      + (tail.utf8.count > otherTail.utf8.count ? tail : otherTail)
    let bytes = Array(name.utf8)
    guard ActionPattern(first)?.matches(bytes) ?? false,
      ActionPattern(second)?.matches(bytes) ?? false
    else { return nil }
    return String(name)
  }

  /// Types of the resources of an action: the declared one, those that rules name, and one that
  /// nobody names where that makes a difference.
  func types(of action: String, _ rules: [DiffRule]) -> [String] {
    var types: [String] = declaredTypes[action].map { [$0] } ?? []
    let named = rules.flatMap { $0.types ?? [] } + constants
    types += named.sorted().filter { !types.contains($0) }
    if types.isEmpty || !named.isEmpty { types.append("other") }
    var seen: Set<String> = []
    return types.filter { seen.insert($0).inserted }
  }
}

/// A rule of one side, as far as it decides about access.
struct DiffRule {
  /// What a rule does with a decision.
  enum Part: Hashable {
    case denies, warns, grants, grantsWithWarning
  }

  let id: String
  let part: Part
  let formula: Formula
  let actions: ActionSet?
  let types: [String]?

  /// Nil for rules that are only recorded.
  init?(_ rule: LinkedRule, types: [String]?, _ reader: inout ConditionReader) {
    switch (rule.effect, rule.mode) {
    case (_, .audit): return nil
    case (.allow, .enforce): part = .grants
    case (.allow, .warn): part = .grantsWithWarning
    case (.deny, .enforce): part = .denies
    default: part = .warns
    }
    id = rule.id
    formula = reader.formula(of: rule)
    actions = rule.actions
    self.types = types
  }

  func isAbout(_ action: [UInt8]) -> Bool { actions?.contains(action) ?? true }
  func isAbout(type: String) -> Bool { types?.contains(type) ?? true }
}
