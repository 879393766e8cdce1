import CEL
import PolicyEngine

/// Where the clauses of a policy set stand: in which rule or definition, at which bytes of which
/// file.
struct ClauseMap {
  struct RuleEntry {
    /// Its number in the order in which rules are asked.
    let number: Int
    let rule: PolicyDocument.Rule
    let file: SourceFile
    /// Clauses of its own conditions; those of definitions stand there.
    let clauses: [ClauseKey]
  }
  struct DefinitionEntry {
    let definition: PolicyDocument.Definition
    let file: SourceFile
    let expression: UInt32
    let clauses: [ClauseKey]
  }

  let policies: PolicySet
  private(set) var rules: [RuleEntry] = []
  private(set) var definitions: [DefinitionEntry] = []
  /// The JSON string in which each expression is written.
  private var strings: [UInt32: (file: SourceFile, node: Int)] = [:]
  /// The rules whose conditions use a definition's clauses.
  private(set) var users: [UInt32: Set<Int>] = [:]

  init(_ policies: PolicySet) {
    self.policies = policies
    let documents = policies.documents
    let numbers = Dictionary(
      policies.ruleNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    var used: [UInt32: [ClauseKey]] = [:]
    for document in documents {
      for rule in document.rules {
        guard let number = numbers[rule.id.name] else { continue }
        let (when, unless) = policies.conditions(ofRule: number)
        if let when, let node = rule.when?.node { strings[when] = (document.file, node) }
        if let unless, let node = rule.unless?.node { strings[unless] = (document.file, node) }
        let all = policies.clauses(ofRule: number)
        for clause in all where clause.expression != when && clause.expression != unless {
          users[clause.expression, default: []].insert(number)
          if !(used[clause.expression]?.contains(clause) ?? false) {
            used[clause.expression, default: []].append(clause)
          }
        }
        rules.append(
          RuleEntry(
            number: number, rule: rule, file: document.file,
            clauses: all.filter { $0.expression == when || $0.expression == unless }))
      }
    }
    let expressions = policies.definitionExpressions
    for document in documents {
      for definition in document.definitions {
        guard let number = expressions[definition.name.name], let clauses = used[number] else {
          continue
        }
        strings[number] = (document.file, definition.expression.node)
        definitions.append(
          DefinitionEntry(
            definition: definition, file: document.file, expression: number, clauses: clauses))
      }
    }
  }

  /// The bytes of a node of an expression in its file.
  func place(_ node: Expression.ID, in expression: UInt32) -> (file: SourceFile, range: Range<Int>)?
  {
    guard let (file, string) = strings[expression] else { return nil }
    let span = policies.expression(expression).expression[node].span
    let start = file.tape.sourceOffset(ofDecodedByte: Int(span.start), inString: string)
    let end = file.tape.sourceOffset(ofDecodedByte: Int(span.end), inString: string)
    return (file, start..<max(start, end))
  }

  func clause(_ key: ClauseKey) -> Coverage.Clause? {
    guard let (file, range) = place(key.node, in: key.expression) else { return nil }
    return Coverage.Clause(
      expression: policies.expression(key.expression).expression.text(of: key.node),
      position: file.position(of: range.lowerBound))
  }
}
