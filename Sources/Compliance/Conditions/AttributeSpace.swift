import CEL

/// What is taken for granted about requests when conditions are looked at without one.
struct Assumptions {
  /// What a vocabulary says of an attribute.
  struct Declaration {
    var type: CELType
    /// Whether every request carries it.
    var isRequired: Bool
  }

  /// Attributes with one value.
  var fixed: [[String]: CELValue] = [:]
  /// What is declared of an attribute; nil: it may be anything, or missing.
  var declared: ([String]) -> Declaration? = { _ in nil }
  /// Whether parts of conditions that are not understood may come out in any way, whatever the
  /// attributes are. What can't be found then does not exist; what is found may not exist.
  var isAbstract = false
  /// Whether attributes of which nothing is declared may have a value of any type.
  var hasWrongTypes = true
  /// Values beyond those in conditions that attributes should take.
  var mentioned: [[String]: [CELValue]] = [:]
  /// What the policy set itself adds to the subject, by the sides of `Atom.side`.
  var subject: (([String: CELValue], Int) -> [String: CELValue])?
}

/// The finite set of requests that stands for all requests: for each attribute that conditions
/// read, the values between which they can tell.
///
/// For comparisons with constants these are the constants, a value in every gap between them, one
/// that none of them equals, a missing attribute and one of another type; for lists, the subsets of
/// the elements that are asked for. Where conditions do something else with an attribute, the
/// values are samples, and `isExact` is false.
struct AttributeSpace {
  /// One way for an attribute to be.
  enum Option: Sendable {
    case value(CELValue)
    /// An object, whose members are attributes of their own.
    case object
    case absent
    /// An outcome of a part that is not understood.
    case outcome(Outcomes)
  }

  struct Slot: Sendable {
    let path: [String]
    var options: [Option]
  }

  /// What an atom comes to for every choice of the slots that it depends on.
  struct Table: Sendable {
    var slots: [Int]
    var rows: [Outcomes]
    /// All outcomes that there are.
    var whole: Outcomes

    init(slots: [Int], rows: [Outcomes]) {
      (self.slots, self.rows) = (slots, rows)
      whole = rows.reduce(into: []) { $0.formUnion($1) }
    }
  }

  private(set) var slots: [Slot] = []
  private(set) var tables: [Int: Table] = [:]
  /// Atoms by slot.
  private(set) var users: [[Int]] = []
  /// Parts of conditions, as written, whose values are samples.
  private(set) var inexact: [String] = []
  let assumptions: Assumptions
  private var slotOfPath: [[String]: Int] = [:]
  /// Slots of the members of a part or of an object.
  private var children: [[String]: [Int]] = [:]
  private let atoms: AtomTable

  var isExact: Bool { inexact.isEmpty }

  /// The space of everything that these atoms depend on.
  init(_ numbers: [Int], of atoms: AtomTable, _ assumptions: Assumptions) {
    self.assumptions = assumptions
    self.atoms = atoms
    var seen: Set<Int> = []
    let numbers = numbers.filter { seen.insert($0).inserted }
    let concrete = numbers.filter { atoms[$0].isExact || !assumptions.isAbstract }
    var values = AttributeValues(concrete.map { atoms[$0] }, assumptions)
    for number in concrete {
      for path in reads(of: atoms[number]) { addSlots(to: path, &values) }
    }
    for number in numbers where !concrete.contains(number) {
      slots.append(
        Slot(path: [], options: [.outcome(.true), .outcome(.false), .outcome(.error)]))
      tables[number] = Table(slots: [slots.count - 1], rows: [.true, .false, .error])
    }
    for number in concrete { shorten(chosen(number), atoms[number]) }
    for number in concrete { addTable(number) }
    users = Array(repeating: [], count: slots.count)
    for (number, table) in tables.sorted(by: { $0.key < $1.key }) {
      for slot in table.slots { users[slot].append(number) }
    }
    note(concrete, values)
  }

  private mutating func note(_ concrete: [Int], _ values: AttributeValues) {
    for number in concrete {
      let atom = atoms[number]
      // Roles may need any combination of what is mapped to them.
      let mapped = assumptions.mentioned[["subject", "backend_roles"]] ?? []
      let isCut =
        reads(of: atom).contains { values.cut.contains($0) }
        || mapped.count > AnalysisLimits.subsetElements
          && atom.reads.contains { Self.derived.contains($0) }
      if !atom.isExact || isCut, !inexact.contains(atom.written) { inexact.append(atom.written) }
    }
  }

  /// Attributes behind those that a policy set works out.
  private func reads(of atom: Atom) -> [[String]] {
    guard assumptions.subject != nil else { return atom.reads }
    return atom.reads.flatMap { path in
      Self.derived.contains(path)
        ? [["subject", "type"], ["subject", "id"], ["subject", "backend_roles"]] : [path]
    }
  }

  static let derived: Set<[String]> = [["subject", "roles"], ["subject", "unknown_roles"]]

  // MARK: Slots

  private mutating func addSlots(to path: [String], _ values: inout AttributeValues) {
    for length in 2...max(2, path.count) where length <= path.count {
      let prefix = Array(path.prefix(length))
      guard slotOfPath[prefix] == nil else { continue }
      slotOfPath[prefix] = slots.count
      children[Array(prefix.dropLast()), default: []].append(slots.count)
      slots.append(Slot(path: prefix, options: values.options(of: prefix)))
    }
  }

  func slot(of path: [String]) -> Int? { slotOfPath[path] }

  // MARK: Tables

  /// The slots that an atom depends on, outer ones first.
  private func chosen(_ number: Int) -> [Int] {
    var chosen: [Int] = []
    for path in reads(of: atoms[number]) {
      for length in 2...max(2, path.count) where length <= path.count {
        guard let slot = slotOfPath[Array(path.prefix(length))], !chosen.contains(slot) else {
          continue
        }
        chosen.append(slot)
      }
    }
    return chosen
  }

  private mutating func addTable(_ number: Int) {
    let chosen = chosen(number)
    var question = Question(atoms[number])
    var rows: [Outcomes] = []
    var choice = [Int](repeating: -1, count: slots.count)
    for slot in chosen { choice[slot] = 0 }
    while true {
      rows.append(question.ask(self, choice))
      guard let slot = chosen.first(where: { choice[$0] + 1 < slots[$0].options.count }) else {
        break
      }
      for before in chosen.prefix(while: { $0 != slot }) { choice[before] = 0 }
      choice[slot] += 1
    }
    tables[number] = Table(slots: chosen, rows: rows)
  }

  /// Takes values away until the table of an atom is small enough: from the middle, because the
  /// usual ones stand first and the missing attribute last.
  private mutating func shorten(_ chosen: [Int], _ atom: Atom) {
    while chosen.reduce(1, { $0 * slots[$1].options.count }) > AnalysisLimits.tableRows {
      guard let largest = chosen.max(by: { slots[$0].options.count < slots[$1].options.count })
      else { return }
      slots[largest].options.remove(at: slots[largest].options.count / 2)
      if !inexact.contains(atom.written) { inexact.append(atom.written) }
    }
  }

  /// Rows of a table that agree with a choice, in which -1 leaves a slot open.
  func outcomes(of number: Int, _ choice: [Int]) -> Outcomes {
    guard let table = tables[number] else { return .any }
    // Most slots are open most of the time.
    guard table.slots.contains(where: { choice[$0] >= 0 }) else { return table.whole }
    return outcomes(table, choice, 0, 0, 1)
  }

  private func outcomes(
    _ table: Table, _ choice: [Int], _ place: Int, _ row: Int, _ stride: Int
  ) -> Outcomes {
    guard place < table.slots.count else { return table.rows[row] }
    let slot = table.slots[place]
    let count = slots[slot].options.count
    if choice[slot] >= 0 {
      return outcomes(table, choice, place + 1, row + choice[slot] * stride, stride * count)
    }
    var result: Outcomes = []
    for option in 0..<count {
      result.formUnion(
        outcomes(table, choice, place + 1, row + option * stride, stride * count))
      if result == .any { break }
    }
    return result
  }

  // MARK: Requests

  /// The members of a part of the request, by a choice of options. Open slots are left out.
  func members(of part: String, _ choice: [Int]) -> [String: CELValue] {
    members(of: [part], choice)
  }

  private func members(of path: [String], _ choice: [Int]) -> [String: CELValue] {
    var members: [String: CELValue] = [:]
    for index in children[path] ?? [] where choice[index] >= 0 {
      let slot = slots[index]
      guard let name = slot.path.last else { continue }
      switch slot.options[choice[index]] {
      case .value(let value): members[name] = value
      case .object:
        members[name] = .object(self.members(of: slot.path, choice))
      case .absent, .outcome: break
      }
    }
    return members
  }
}

extension CELValue {
  /// A map in the order of its names.
  static func object(_ members: [String: CELValue]) -> CELValue {
    .map(members.sorted { $0.key < $1.key }.map { Entry(.string($0.key), $0.value) })
  }
}

/// One atom, compiled, asked for one choice after the other by the real evaluator.
private struct Question {
  private var evaluator: Evaluator?
  private let atom: Atom

  init(_ atom: Atom) {
    self.atom = atom
    evaluator = atom.compiled.map { Evaluator($0) }
  }

  mutating func ask(_ space: AttributeSpace, _ choice: [Int]) -> Outcomes {
    if let special = atom.special { return special(space.members(of: "subject", choice)) }
    guard evaluator != nil else { return .any }
    evaluator?.reset()
    for part in ConditionReader.parts where atom.reads.contains(where: { $0[0] == part }) {
      var members = space.members(of: part, choice)
      if part == "subject", let complete = space.assumptions.subject {
        members = complete(members, atom.side)
      }
      for (path, value) in space.assumptions.fixed where path.count == 2 && path[0] == part {
        members[path[1]] = value
      }
      guard (try? evaluator?.bind(part, to: .object(members))) != nil else { return .error }
    }
    guard case .bool(let value)?? = try? evaluator?.evaluate() else { return .error }
    return value ? .true : .false
  }
}
