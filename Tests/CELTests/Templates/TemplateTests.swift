import Testing

@testable import CEL

/// An expression that is copied from the first of its look is what compiling it by itself makes.
@Suite struct TemplateTests {
  private static var environment: Environment {
    var environment = Environment(extensions: [.macros, .strings, .lists, .sets])
    for name in ["subject", "resource", "context"] { environment.declare(name, .dyn) }
    return environment
  }

  /// Adds conditions to two programs, with and without templates; says how many were copied.
  private static func build(
    _ sources: [String]
  ) throws -> (with: [String], without: [String], copies: Int) {
    var with = ProgramBuilder(environment)
    var without = ProgramBuilder(environment)
    var templates = ExpressionTemplates()
    var copies = 0
    var entries: [(Program.Entry, Program.Entry)] = []
    for source in sources {
      let checked = try environment.check(source)
      let plain = try without.add(condition: checked)
      if let copy = templates.add(Array(source.utf8), .condition, scope: 3, to: &with) {
        copies += 1
        entries.append((copy.entry, plain))
      } else {
        let entry = try with.add(condition: checked)
        templates.learn(entry, from: with)
        entries.append((entry, plain))
      }
    }
    let (one, other) = (with.finish(), without.finish())
    return (
      entries.map { Self.dump(one, $0.0) }, entries.map { Self.dump(other, $0.1) }, copies
    )
  }

  /// Everything that is kept of an expression, in words that do not depend on what else is in the
  /// program.
  private static func dump(_ program: Program, _ entry: Program.Entry) -> String {
    let number = Int(entry.expression)
    let end = program.origins.lastIndex { $0.expression == entry.expression } ?? 0
    var lines = (Int(entry.pc)...end).map { place in
      let i = program.code[place]
      let d = i.op.hasLabel ? i.d - entry.pc : i.d
      return
        "\(i.op) \(i.flag) \(i.a) \(i.b) \(i.c) →\(d) \(operand(i, program)) of \(program.origins[place].node)"
    }
    let checked = program.expressions[number]
    let tree = checked.expression
    lines += tree.nodes.indices.map { index in
      "\(tree.nodes[index]) \(checked.references[index]) `\(tree.text(of: Int32(index)))`"
    }
    lines.append("\(tree.constants) \(tree.names) \(tree.children) \(checked.type)")
    for node in tree.nodes.indices {
      guard let region = program.region(entry.expression, Int32(node)) else { continue }
      lines.append(
        "region \(node) \(region.start - entry.pc) \(region.end - entry.pc) \(region.error) \(region.sense)"
      )
    }
    return lines.joined(separator: "\n")
  }

  private static func operand(_ i: Instruction, _ program: Program) -> String {
    switch i.op {
    case .load, .testEqualConstant, .testOrderConstant:
      let value = program.constants[Int(i.e)]
      return value.tag == .string ? "'\(program.memory.string(value.text))'" : "\(value)"
    case .select, .presence, .testPresence: return program.memory.string(UInt32(i.e))
    case .testInSet:
      return "\(program.sets[Int(i.e)].members.map { program.memory.string($0.text) })"
    default: return "\(i.e)"
    }
  }

  /// Shapes with `A`, `B` for texts; how many of three texts of each are copies.
  static let shapes: [(String, copies: Int)] = [
    ("resource.id == 'A'", 2), ("'A' == resource.id", 2), ("resource.id != \"A\"", 2),
    ("'A' in subject.roles", 2), ("resource.id == 'A' && subject.level < 2", 2),
    ("'A' in subject.roles && resource.type == 'B'", 2),
    ("resource.id == 'A' || !(resource.owner == 'B' ? context.x == 'C' : false)", 2),
    ("resource.id == 'é' && subject.x == 'A'", 2),
    ("(resource.id == 'A') == true", 2), ("resource.a.b.c == 'A' // x\n", 0),
    // What a literal holds matters here, so each is compiled by itself unless it is the same.
    ("resource.id in ['A', 'B']", 0), ("resource.id.startsWith('A')", 0),
    ("resource.id.matches('A')", 0), ("resource['A'] == 1", 0), ("'A' + 'B' == resource.id", 0),
    ("resource.id == 'A' && resource.id in ['x', 'y']", 2), ("{'A': 1}['x'] == 1", 0),
    ("size('A') > 1", 0), ("'A' == 'B'", 0), ("resource.id < 'A'", 0),
    // Loops are left alone, and so is what is not plain.
    ("subject.roles.exists(r, r == 'A')", 0), (#"resource.id == r'A'"#, 0),
    (#"resource.id == '\n A'"#, 0), ("resource.id == '''A'''", 0), ("resource.id == b'A'", 0),
    ("resource.id == '' || resource.x == 'A'", 2),
  ]

  @Test(arguments: shapes) func copiesAreWhatCompilingMakes(
    _ shape: String, _ copies: Int
  ) throws {
    let sources = [("a", "b", "c"), ("longer", "ü", "third"), ("model-17", "x", "")].map {
      texts in
      shape.replacing("A", with: texts.0).replacing("B", with: texts.1)
        .replacing("C", with: texts.2)
    }
    let built = try Self.build(sources)
    #expect(built.with == built.without)
    #expect(built.copies == copies)
  }

  /// A text that stands twice in the first expression can't be told apart in its code.
  @Test func repeatedTexts() throws {
    let built = try Self.build([
      "resource.id == 'a' && subject.id == 'a'", "resource.id == 'a' && subject.id == 'a'",
      "resource.id == 'b' && subject.id == 'a'", "resource.id == 'b' && subject.id == 'c'",
    ])
    #expect(built.with == built.without)
    #expect(built.copies == 1)
  }

  /// Literals that begin where another token would end it.
  @Test func likeButNotTheSame() throws {
    let built = try Self.build([
      "resource.id == 'a'", "resource.id == \"a\"", "resource.id  == 'a'", "resource.ID == 'a'",
      "resource.id == 'a' ", "resource.id == 'b' ", "resource.id == 'a b'",
    ])
    #expect(built.with == built.without)
    #expect(built.copies == 2)
  }
}
