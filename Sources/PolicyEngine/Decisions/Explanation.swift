import CEL

/// Explanations: which parts of a condition decided, and which facts would have turned it.
///
/// Everything is read off the program that decided: its code runs again, and then the code of each
/// part by itself, so that *all* failing parts are known and not only the first. There is no second
/// evaluator. Storage is kept from one condition to the next.
struct Explainer: Sendable {
  let executable: Executable
  private(set) var outlines = ConditionOutlines()
  /// What parts came to, those of one outline together; unset for parts that were not evaluated.
  private var outcomes: [Value] = []
  /// Where the outcomes of an outline begin, or -1, and the outlines that have any.
  private var bases: [Int] = []
  private var opened: [Int] = []
  /// How many more definitions may be looked into: a few definitions can use each other in very
  /// many ways.
  private var visits = 0

  /// Definitions within definitions are followed so deep.
  private static let depth = 32
  private static let visits = 200

  init(_ executable: Executable) { self.executable = executable }

  // MARK: Outcomes

  /// Runs a condition, with the variables that are in the workspace, and then every operand of its
  /// `&&`, `||` and `!`, and of those of the definitions that it uses. Gives the number of its
  /// outline.
  mutating func read(_ entry: Program.Entry, in workspace: inout Workspace) -> Int {
    for number in opened { bases[number] = -1 }
    opened.removeAll(keepingCapacity: true)
    outcomes.removeAll(keepingCapacity: true)
    let root = open(entry.expression, from: entry.pc)
    outcomes[bases[root]] = executable.run(anew: entry, in: &workspace)
    runOperands(of: 0, root, in: &workspace, depth: 0)
    return root
  }

  /// Forgets what it has learnt of conditions if that is much. Not between `read` and what is read
  /// off.
  mutating func makeRoom() {
    let before = outlines.count
    outlines.makeRoom()
    guard outlines.count < before else { return }
    bases.removeAll()
    opened.removeAll()
  }

  /// The number of an expression's outline, which has outcomes from now on.
  private mutating func open(_ expression: UInt32, from start: Int32) -> Int {
    let number = outlines.number(expression, from: start, in: executable)
    while bases.count <= number { bases.append(-1) }
    if bases[number] < 0 {
      bases[number] = outcomes.count
      opened.append(number)
      for _ in 0..<outlines.partCount(of: number) { outcomes.append(.unset) }
    }
    return number
  }

  private mutating func runOperands(
    of part: Int, _ number: Int, in workspace: inout Workspace, depth: Int
  ) {
    switch outlines.kind(part, of: number) {
    case .clause: return
    case .definition:
      let definition = outlines.definition(part, of: number)
      let inner = open(definition.expression, from: definition.start)
      guard outcomes[bases[inner]].isUnset, depth < Self.depth else { return }
      outcomes[bases[inner]] = outcomes[bases[number] + part]
      runOperands(of: 0, inner, in: &workspace, depth: depth + 1)
    case .and, .or, .not:
      for child in outlines.children(part, of: number) {
        let place = bases[number] + child
        if outcomes[place].isUnset, let code = outlines.code(child, of: number) {
          outcomes[place] = executable.run(code, in: &workspace)
        }
        runOperands(of: child, number, in: &workspace, depth: depth)
      }
    }
  }

  /// What a part came to: true, false, an error, or unset if it was not evaluated.
  func outcome(_ part: Int, of number: Int) -> Value { outcomes[bases[number] + part] }

  /// The outline of the definition that a part names, if that is made of `&&`, `||` or `!`.
  mutating func inside(_ part: Int, of number: Int) -> Int? {
    guard outlines.kind(part, of: number) == .definition, visits > 0 else { return nil }
    let definition = outlines.definition(part, of: number)
    let inner = outlines.number(definition.expression, from: definition.start, in: executable)
    guard outlines.isLogical(0, of: inner), inner < bases.count, bases[inner] >= 0,
      !outcomes[bases[inner]].isUnset
    else { return nil }
    visits -= 1
    return inner
  }

  // MARK: Clauses

  /// The clauses that made the condition that was read what it is.
  mutating func clauses(
    of number: Int, in workspace: inout Workspace, into clauses: inout [Clause]
  ) {
    beginVisits()
    collect(0, number, &workspace, &clauses)
  }

  mutating func beginVisits() { visits = Self.visits }

  /// What is said of a part.
  mutating func outlinedWords(of part: Int, _ number: Int) -> ConditionOutline.Words {
    outlines.words(of: part, number, in: executable)
  }

  private mutating func collect(
    _ part: Int, _ number: Int, _ workspace: inout Workspace, _ clauses: inout [Clause]
  ) {
    if let inner = inside(part, of: number) { return collect(0, inner, &workspace, &clauses) }
    switch outlines.kind(part, of: number) {
    case .and, .or:
      let decisive = decisive(part, number)
      for child in outlines.children(part, of: number)
      where decisive == nil || decisive == kind(of: outcome(child, of: number)) {
        collect(child, number, &workspace, &clauses)
      }
      return
    case .not:
      let operand = outlines.children(part, of: number).lowerBound
      if outlines.isLogical(operand, of: number) {
        return collect(operand, number, &workspace, &clauses)
      }
      if let inner = inside(operand, of: number) {
        return collect(0, inner, &workspace, &clauses)
      }
    case .definition, .clause: break
    }
    clauses.append(clause(part, number, &workspace))
  }

  private func kind(of outcome: Value) -> Clause.Result? {
    outcome.isTrue ? .true : outcome.isFalse ? .false : outcome.isError ? .error : nil
  }

  /// How the operands of `&&` or `||` came out that made it what it is; nil for all of them.
  private func decisive(_ part: Int, _ number: Int) -> Clause.Result? {
    let deciding: Clause.Result = outlines.kind(part, of: number) == .and ? .false : .true
    var fails = false
    for child in outlines.children(part, of: number) {
      let found = kind(of: outcome(child, of: number))
      if found == deciding { return deciding }
      if found == .error { fails = true }
    }
    return fails ? .error : nil
  }

  private mutating func clause(
    _ part: Int, _ number: Int, _ workspace: inout Workspace
  ) -> Clause {
    let words = outlinedWords(of: part, number)
    let outcome = outcome(part, of: number)
    var values: [Clause.Value] = []
    values.reserveCapacity(words.reads.count)
    for index in words.reads.indices {
      let value = workspace.value(at: words.reads[index].place)
      values.append(
        Clause.Value(
          path: words.reads[index].path, value: value.flatMap { workspace.memory.export($0) }))
    }
    return Clause(
      expression: words.text, result: kind(of: outcome) ?? .error, values: values,
      failure: outcome.isError ? executable.describe(outcome, workspace.memory).message : nil)
  }
}

extension Workspace {
  /// The value of a path, looked up in the request: what the rule saw. Nil if there is none.
  func value(at place: ConditionOutline.Place) -> Value? {
    let value = memory.follow(
      place.fields, place.fields.indices, from: registers[place.register])
    return value.flatMap { $0.isUnset ? nil : $0 }
  }
}
