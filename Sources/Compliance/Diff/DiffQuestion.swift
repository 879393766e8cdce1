import CEL
import PolicyEngine

/// The rules of one cell: those that both sets have, and those that only one has.
struct DiffParts: Hashable {
  /// What rules of one kind apply.
  struct Rules: Hashable {
    var denials: [Formula] = []
    var grants: [Formula] = []
    var warnings: [Formula] = []

    init() {}

    init(_ rules: [DiffRule]) {
      for rule in rules {
        switch rule.part {
        case .denies: denials.append(rule.formula)
        case .warns: warnings.append(rule.formula)
        case .grants, .grantsWithWarning: grants.append(rule.formula)
        }
      }
    }

    var all: [Formula] { denials + grants + warnings }
    var isEmpty: Bool { denials.isEmpty && grants.isEmpty && warnings.isEmpty }
  }

  private(set) var common = Rules()
  private(set) var old = Rules()
  private(set) var new = Rules()
  /// Allow rules that warn: they warn only when they are true.
  private(set) var warningGrants: [[Formula]] = [[], []]

  init(_ old: [DiffRule], _ new: [DiffRule]) {
    let (one, other) = (Rules(old), Rules(new))
    func split(_ path: WritableKeyPath<Rules, [Formula]>) {
      let shared = Set(one[keyPath: path]).intersection(other[keyPath: path])
      common[keyPath: path] = one[keyPath: path].filter { shared.contains($0) }
      self.old[keyPath: path] = one[keyPath: path].filter { !shared.contains($0) }
      self.new[keyPath: path] = other[keyPath: path].filter { !shared.contains($0) }
    }
    split(\.denials)
    split(\.grants)
    split(\.warnings)
    warningGrants = [old, new].map { rules in
      rules.filter { $0.part == .grantsWithWarning }.map(\.formula)
    }
  }

  /// Whether both sides decide by the same conditions.
  var isSame: Bool {
    old.isEmpty && new.isEmpty && Set(warningGrants[0]) == Set(warningGrants[1])
  }

  var atoms: [Int] { (common.all + old.all + new.all).flatMap(\.atoms) }

  /// The rules that only one side has.
  func own(_ side: Int) -> Rules { side == 0 ? old : new }
}

/// What came of looking for one kind of difference.
struct DiffAnswer {
  let kind: AccessChanges.Witness.Kind
  /// A request that should show it.
  var request: DiffRequest?
  /// Why nothing was found although there may be something.
  var doubt: String?
}

/// What is asked in a cell: whether the sides differ, with these rules and these grants of roles.
struct DiffQuestion: Hashable {
  let parts: DiffParts
  /// Whether roles grant the action, by side.
  let grants: [Formula]
  /// What conditions see of the role.
  let role: String?

  /// Looks for a request of every kind of difference.
  func answers(_ atoms: AtomTable, _ assumptions: Assumptions) -> [DiffAnswer] {
    let all = parts.atoms + grants.flatMap(\.atoms)
    let space = AttributeSpace(all, of: atoms, assumptions)
    var search = RequestSearch(space)
    var abstract = Proof(atoms: all, table: atoms, assumptions: assumptions)
    let kinds: [(AccessChanges.Witness.Kind, [[RequestSearch.Demand]])] = [
      (.newlyAllowed, refused(by: 0)), (.newlyDenied, refused(by: 1)),
      (.warningAdded, warned(by: 1)), (.warningRemoved, warned(by: 0)),
    ]
    return kinds.map { kind, cases in
      answer(kind, cases, space, &search, &abstract)
    }.filter { $0.request != nil || $0.doubt != nil }
  }

  private func answer(
    _ kind: AccessChanges.Witness.Kind, _ cases: [[RequestSearch.Demand]], _ space: AttributeSpace,
    _ search: inout RequestSearch, _ abstract: inout Proof
  ) -> DiffAnswer {
    var doubt: String?
    for demands in cases {
      switch search.find(demands) {
      case .found(let choice):
        return DiffAnswer(kind: kind, request: DiffRequest(space, choice))
      case .none:
        guard !space.isExact else { continue }
        if abstract.excludes(demands) { continue }
        let parts = space.inexact.map { "`\($0)`" }.joined(separator: ", ")
        doubt = doubt ?? "not exact: only samples of values were tried for \(parts)"
      case .gaveUp:
        if abstract.excludes(demands) { continue }
        doubt = "not decided: the search was given up after \(AnalysisLimits.searchSteps) steps"
      }
    }
    return DiffAnswer(kind: kind, request: nil, doubt: doubt)
  }

  // MARK: Demands

  private typealias Demand = RequestSearch.Demand

  /// What must hold for one side to refuse what the other one allows, case by case: a rule that
  /// only this side has denies, or nothing grants on this side.
  private func refused(by side: Int) -> [[RequestSearch.Demand]] {
    let (mine, others) = (parts.own(side), parts.own(1 - side))
    let allowed =
      others.denials.map { Demand(formula: $0, wanted: .false) }
      + parts.common.denials.map { Demand(formula: $0, wanted: .false) }
    let granted = Demand(
      formula: .any([grants[1 - side]] + others.grants + parts.common.grants), wanted: .true)
    var cases = mine.denials.map { denial in
      [Demand(formula: denial, wanted: .fires), granted] + allowed
    }
    guard grants[0] != grants[1] || !mine.grants.isEmpty || !others.grants.isEmpty else {
      return cases
    }
    // What both have grants nothing, so the other side's own must.
    let own = Demand(formula: .any([grants[1 - side]] + others.grants), wanted: .true)
    let missing = ([grants[side]] + mine.grants + parts.common.grants).map {
      Demand(formula: $0, wanted: .notTrue)
    }
    cases.append([own] + missing + allowed)
    return cases
  }

  /// What must hold for one side to warn of what both allow and the other one does not warn of.
  private func warned(by side: Int) -> [[RequestSearch.Demand]] {
    let allowed = (parts.old.denials + parts.new.denials + parts.common.denials).map {
      Demand(formula: $0, wanted: .false)
    }
    let granted = [0, 1].map { side in
      Demand(
        formula: .any([grants[side]] + parts.own(side).grants + parts.common.grants),
        wanted: .true)
    }
    let silent =
      (parts.own(1 - side).warnings + parts.common.warnings).map {
        Demand(formula: $0, wanted: .false)
      } + parts.warningGrants[1 - side].map { Demand(formula: $0, wanted: .notTrue) }
    let warns =
      parts.own(side).warnings.map { Demand(formula: $0, wanted: .fires) }
      + Set(parts.warningGrants[side]).subtracting(parts.warningGrants[1 - side])
      .map { Demand(formula: $0, wanted: .true) }
    return warns.map { [$0] + silent + granted + allowed }
  }
}

/// Proves that there is no request, with parts that are not understood coming out in any way.
private struct Proof {
  let atoms: [Int]
  let table: AtomTable
  let assumptions: Assumptions
  /// Made when it is first needed; nil inside if its values are samples too.
  private var search: RequestSearch??

  init(atoms: [Int], table: AtomTable, assumptions: Assumptions) {
    (self.atoms, self.table, self.assumptions) = (atoms, table, assumptions)
  }

  mutating func excludes(_ demands: [RequestSearch.Demand]) -> Bool {
    if search == nil {
      var free = assumptions
      free.isAbstract = true
      let space = AttributeSpace(atoms, of: table, free)
      search = .some(space.isExact ? RequestSearch(space) : nil)
    }
    guard var inner = search ?? nil, case .none = inner.find(demands) else { return false }
    return true
  }
}

/// A request that a search found, before it is put into words.
struct DiffRequest {
  private let subject, action, resource, context: [String: CELValue]

  init(_ space: AttributeSpace, _ choice: [Int]) {
    var choice = choice
    // What nothing depends on is left out, but for what every request has.
    for (index, slot) in space.slots.enumerated()
    where choice[index] < 0 && AttributeValues.isText(slot.path) { choice[index] = 0 }
    subject = space.members(of: "subject", choice)
    action = space.members(of: "action", choice)
    resource = space.members(of: "resource", choice)
    context = space.members(of: "context", choice)
  }

  /// The request as AuthZEN has it, for a subject that brings a role.
  func json(role: String?, action name: String, type: String) -> String {
    var subject = subject
    subject["roles"] = role.map { .list([.string($0)]) }
    subject["unknown_roles"] = nil
    return Request(
      subject: Self.entity(subject, type: Self.text("type", subject) ?? "user", id: "someone"),
      action: .init(name: name, properties: Self.properties(action, but: ["name"])),
      resource: Self.entity(resource, type: type, id: "something"), context: context
    ).json()
  }

  /// An entity of these members, with an id if it brings none.
  private static func entity(
    _ members: [String: CELValue], type: String, id: String
  ) -> Request.Entity {
    Request.Entity(
      type: type, id: text("id", members) ?? id,
      properties: properties(members, but: ["type", "id"]))
  }

  private static func text(_ name: String, _ members: [String: CELValue]) -> String? {
    if case .string(let text)? = members[name] { text } else { nil }
  }

  private static func properties(
    _ members: [String: CELValue], but names: Set<String>
  ) -> [String: CELValue] { members.filter { !names.contains($0.key) } }
}
