import CEL
import PolicyEngine

/// One comparison: what both sides share while all cells are gone through.
struct DiffRun {
  private let diff: AccessDiff
  private let models: [RoleModel]
  /// Whether subjects hold the same roles on both sides, though these may grant other actions.
  private let holdsAlike: Bool
  private let rules: [[DiffRule]]
  private var atoms: AtomTable
  private let scope: DiffScope
  private var engines: [Authorizer]
  private var changes = AccessChanges()
  /// Cells that differ only in a role that grants alike.
  private var known: [DiffQuestion: [DiffAnswer]] = [:]

  init(_ diff: AccessDiff) {
    self.diff = diff
    let models = [RoleModel(diff.old.listing()), RoleModel(diff.new.listing())]
    holdsAlike = models[0].holdsAlike(models[1])
    var atoms = AtomTable()
    var rules: [[DiffRule]] = []
    for (side, set) in [diff.old, diff.new].enumerated() {
      var reader = ConditionReader(set, atoms) { Self.isAlike($0, models) ? 0 : side }
      let types = Dictionary(
        set.listing().rules.map { ($0.id, $0.resourceTypes) }, uniquingKeysWith: { a, _ in a })
      rules.append(
        set.rules.compactMap { DiffRule($0, types: types[$0.id] ?? nil, &reader) })
      atoms = reader.atoms
    }
    (self.models, self.rules, self.atoms) = (models, rules, atoms)
    scope = DiffScope([diff.old, diff.new], constants: Self.constants(atoms))
    engines = [Authorizer(diff.old), Authorizer(diff.new)]
  }

  /// Whether an atom that looks at the subject's roles comes to the same on both sides.
  private static func isAlike(_ atom: Atom, _ models: [RoleModel]) -> Bool {
    guard case .contains(["subject", "roles"], .string(let role)) = atom.form,
      atom.reads == [["subject", "roles"]]
    else { return models[0].holdsAlike(models[1]) }
    return models[0].holdsAlike(models[1], role: role)
  }

  /// Names of actions and types that conditions compare with.
  private static func constants(_ table: AtomTable) -> (actions: [String], types: [String]) {
    func texts(_ path: [String]) -> [String] {
      table.atoms.filter { $0.reads.contains(path) }.flatMap(\.constants).compactMap {
        if case .string(let text) = $0 { text } else { nil }
      }
    }
    return (texts(["action", "name"]), texts(["resource", "type"]))
  }

  // MARK: Cells

  mutating func compare() -> AccessChanges {
    if scope.isCut {
      changes.notes.append(
        "only \(AnalysisLimits.diffPatterns) action patterns were combined with each other")
    }
    let roles: [String?] =
      [nil] + Set(models[0].names + models[1].names).sorted().map { Optional($0) }
    for action in scope.actions {
      let name = Array(action.utf8)
      let about = rules.map { $0.filter { $0.isAbout(name) } }
      for type in scope.types(of: action, about.flatMap(\.self)) {
        let mine = about.map { $0.filter { $0.isAbout(type: type) } }
        let parts = DiffParts(mine[0], mine[1])
        known = [:]
        for role in roles {
          guard changes.compared < AnalysisLimits.diffCells else {
            changes.notes.append(
              "only the first \(AnalysisLimits.diffCells) cells were compared; name fewer roles or actions"
            )
            return changes
          }
          changes.compared += 1
          compare(role, action, type, parts)
        }
      }
    }
    return changes
  }

  private mutating func compare(
    _ role: String?, _ action: String, _ type: String, _ parts: DiffParts
  ) {
    let grants = [0, 1].map { grant($0, role, Array(action.utf8)) }
    guard !parts.isSame || grants[0] != grants[1] else { return }
    let question = DiffQuestion(
      parts: parts, grants: grants,
      role: view(of: role, parts))
    let answers: [DiffAnswer]
    if let known = known[question] {
      answers = known
    } else {
      answers = question.answers(atoms, assumptions(role, action, type))
      known[question] = answers
    }
    record(role, action, type, answers)
  }

  /// What conditions see of a role: those of its roles that they ask for, on both sides; nil if they
  /// do not look at roles at all.
  private func view(of role: String?, _ parts: DiffParts) -> String? {
    var asked: [CELValue] = []
    for number in parts.atoms
    where atoms[number].reads.contains(where: { AttributeSpace.derived.contains($0) }) {
      guard case .contains(["subject", "roles"], let name) = atoms[number].form else {
        return "role \(role ?? "")"
      }
      asked.append(name)
    }
    guard !asked.isEmpty else { return nil }
    return models.map { model in
      guard case .list(let held)? = model.complete([:], claiming: role)["roles"] else { return "" }
      return held.filter { asked.contains($0) }.map(\.description).joined(separator: " ")
    }.joined(separator: " | ")
  }

  /// Whether roles grant the action: certainly, certainly not, or by who the subject is.
  private mutating func grant(_ side: Int, _ role: String?, _ action: [UInt8]) -> Formula {
    let model = models[side]
    if model.grants([role].compactMap(\.self), action) { return .constant(true) }
    let granting = model.mappings.filter { model.grants([$0.role], action) }
    guard !granting.isEmpty else { return .constant(false) }
    // With the same mappings, of which the same grant, it comes to the same for every subject.
    let other = models[1 - side]
    let isShared =
      holdsAlike && granting == other.mappings.filter { other.grants([$0.role], action) }
    let shared = isShared ? 0 : side
    let name = String(decoding: action, as: UTF8.self)
    var atom = Atom(
      text: "a role that is mapped to the subject grants \(name)",
      form: .equals(["subject", "id"], granting.flatMap(\.users).map { .string($0) }),
      reads: [["subject", "type"], ["subject", "id"], ["subject", "backend_roles"]],
      constants: [], written: "role mappings")
    atom.side = shared
    atom.special = { subject in model.grants(model.mapped(subject), action) ? .true : .false }
    return .atom(atoms.add(atom))
  }

  private func assumptions(_ role: String?, _ action: String, _ type: String) -> Assumptions {
    var assumptions = Assumptions()
    assumptions.fixed = [
      ["action", "name"]: .string(action), ["resource", "type"]: .string(type),
    ]
    let mappings = models.flatMap(\.mappings)
    if !mappings.isEmpty {
      let backend = mappings.flatMap(\.backendRoles).map { CELValue.string($0) }
      let joint = mappings.map(\.joint).filter { !$0.isEmpty }
        .map { CELValue.list($0.map { .string($0) }) }
      // Both sides mention mostly the same.
      var seen: Set<CELValue> = []
      assumptions.mentioned = [
        ["subject", "type"]: [.string("user")],
        ["subject", "backend_roles"]: (backend + joint).filter { seen.insert($0).inserted },
        ["subject", "id"]: mappings.flatMap(\.users).map { .string($0) },
      ]
    }
    let models = models
    assumptions.subject = { subject, side in models[side].complete(subject, claiming: role) }
    return assumptions
  }

  // MARK: Witnesses

  private mutating func record(
    _ role: String?, _ action: String, _ type: String, _ answers: [DiffAnswer]
  ) {
    var witnesses: [AccessChanges.Witness] = []
    var doubts: [String] = []
    for answer in answers {
      if let doubt = answer.doubt, !doubts.contains(doubt) { doubts.append(doubt) }
      guard let request = answer.request?.json(role: role, action: action, type: type) else {
        continue
      }
      guard let witness = witness(answer.kind, request) else {
        doubts.append("a request that was found is not decided as expected: \(request)")
        continue
      }
      witnesses.append(witness)
    }
    guard !witnesses.isEmpty || !doubts.isEmpty else { return }
    let kinds = Set(witnesses.map(\.kind))
    let verdict: AccessVerdict =
      switch (kinds.contains(.newlyAllowed), kinds.contains(.newlyDenied)) {
      case (true, true): .incomparable
      case (true, false): .morePermissive
      case (false, true): .lessPermissive
      case (false, false): .equal
      }
    changes.cells.append(
      AccessChanges.Cell(
        role: role, action: action, resourceType: type, verdict: verdict, witnesses: witnesses,
        doubt: doubts.isEmpty ? nil : doubts.joined(separator: "; ")))
  }

  /// The request, decided by both engines; nil if they do not differ as it says.
  private mutating func witness(
    _ kind: AccessChanges.Witness.Kind, _ request: String
  ) -> AccessChanges.Witness? {
    let bytes = Array(request.utf8)
    guard let old = try? engines[0].decide(json: bytes),
      let new = try? engines[1].decide(json: bytes)
    else { return nil }
    let holds =
      switch kind {
      case .newlyAllowed: !old.isAllowed && new.isAllowed
      case .newlyDenied: old.isAllowed && !new.isAllowed
      case .warningAdded: old.outcome == .allow && new.outcome == .warn
      case .warningRemoved: old.outcome == .warn && new.outcome == .allow
      }
    return holds ? .init(kind: kind, request: request, old: old, new: new) : nil
  }
}
