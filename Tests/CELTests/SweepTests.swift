import Testing

@testable import CEL

/// Conditions that are asked in one run come to what each comes to by itself: the same question has
/// something to say, with the same value.
@Suite struct SweepTests {
  private static let sources = [
    // An error that the other side settles must not be found by the next condition.
    "a.missing == 1 && false", "a.here == 1", "a.here == 2", "a.missing == 1 || true",
    "a.missing == 1 && a.here == 1", "a.deep.er == 'x'", "a.deep.missing.er == 1", "a.deep.er",
    "d", "!d", "d && a.here == 2", "bad || a.here == 1", "bad && a.here == 2", "!bad",
    "[1, 2].all(x, x < a.here)", "a.here in [1, 2]",
  ]

  private static func program() throws -> (Executable, [Program.Entry]) {
    var environment = Environment()
    environment.declare("a", .dyn)
    environment.declare("d", .bool)
    environment.declare("bad", .bool)
    var variables = Environment()
    variables.declare("a", .dyn)
    var builder = ProgramBuilder(variables, definitions: 2)
    try builder.define("d", try variables.check("a.here == 1"))
    try builder.define("bad", try variables.check("a.missing == 1"))
    let entries = try sources.map { try builder.add(condition: try environment.check($0)) }
    return (Executable(builder.finish()), entries)
  }

  private static func workspace(_ executable: Executable, budget: Int) throws -> Workspace {
    var workspace = Workspace(executable.program)
    workspace.reset(budget: budget)
    let value: CELValue = ["here": 1, "deep": ["er": "x"]]
    let register = try #require(executable.program.register(of: "a"))
    workspace.registers[register] = workspace.memory.add(value)
    return workspace
  }

  /// From every question on, looking for either outcome, with enough budget and with too little.
  @Test(arguments: [false, true], [0, 1, 3, 1_000])
  func isEachByItself(passing: Bool, budget: Int) throws {
    let (executable, entries) = try Self.program()
    for first in entries.indices {
      var single = try Self.workspace(executable, budget: budget)
      var expected: (place: Int, value: Value)?
      for place in first..<entries.count where expected == nil {
        let value = executable.run(at: entries[place].pc, in: &single)
        if !(passing ? value.isTrue : value.isFalse) { expected = (place, value) }
      }
      var swept = try Self.workspace(executable, budget: budget)
      swept.questions = entries.indices.map {
        Question(pc: entries[$0].pc, passing: passing, rule: Int32($0), group: 0)
      }
      let stop = executable.sweep(from: first, in: &swept)
      #expect(stop.isStopped == (expected != nil))
      #expect(stop.place == expected?.place ?? entries.count)
      if let expected { #expect(stop.value.isSame(expected.value)) }
      #expect(swept.memory.fuel == single.memory.fuel)
    }
  }

  /// A question without a condition has something to say; one of another group is not asked.
  @Test func endsWhereItMust() throws {
    let (executable, entries) = try Self.program()
    var workspace = try Self.workspace(executable, budget: 1_000)
    let no = try #require(entries.dropFirst(2).first)
    workspace.questions = [
      Question(pc: no.pc, passing: false, rule: 0, group: 1),
      Question(pc: -1, passing: false, rule: 1, group: 1),
      Question(pc: no.pc, passing: false, rule: 2, group: 1),
      Question(pc: -1, passing: false, rule: 3, group: 2),
    ]
    let empty = executable.sweep(from: 0, in: &workspace)
    #expect(empty.isStopped && empty.place == 1 && empty.value.isTrue)
    let end = executable.sweep(from: 2, in: &workspace)
    #expect(!end.isStopped && end.place == 3)
    let last = executable.sweep(from: 3, in: &workspace)
    #expect(last.isStopped && last.place == 3 && last.value.isTrue)
  }
}
