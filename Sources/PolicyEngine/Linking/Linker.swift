import CEL

/// Many documents to one policy set: resolves names, checks conditions, compiles everything into
/// one program.
///
/// All that is wrong is collected; a set that does not link completely does not exist.
struct Linker {
  var diagnostics: [LoadDiagnostic] = []
  var files: [SourceFile] = []
  private var policies: [PolicyDocument] = []
  /// All role mappings, in order.
  var mappings: [PolicyDocument.Mapping] { policies.flatMap(\.mappings) }
  private var vocabularies: [VocabularyDocument] = []
  var vocabulary: Vocabulary
  var builder: ProgramBuilder
  var roles = RoleTable()
  var rules: [LinkedRule] = []
  var unauthorized: [LinkedUnauthorized] = []
  var examples: [LinkedExample] = []
  var fixtures: [[String: Int]] = []
  private var ids: [String: SourcePosition] = [:]
  private var scopes: [[String]: ActionSet] = [:]
  let timeZones: TimeZones

  /// The variables of every condition. `granting_privileges` is for messages of refusals.
  static let variables = ["subject", "action", "resource", "context"]
  static let grantingPrivileges = "granting_privileges"

  init(timeZones: TimeZones) {
    self.timeZones = timeZones
    vocabulary = Vocabulary([], timeZones: timeZones)
    builder = ProgramBuilder(Environment())
  }

  mutating func link(_ sources: [PolicySource]) {
    for source in sources { read(source) }
    rejectDuplicateNames()
    vocabulary = Vocabulary(vocabularies, timeZones: timeZones)
    diagnostics += vocabulary.diagnostics
    var roleLinker = RoleLinker()
    roleLinker.link(policies)
    diagnostics += roleLinker.diagnostics
    roles = roleLinker.table
    var environment = vocabulary.base
    for name in Self.variables + [Self.grantingPrivileges] { environment.declare(name, .dyn) }
    environment.budget = EngineLimits.decisionBudget
    builder = ProgramBuilder(
      environment, definitions: policies.reduce(0) { $0 + $1.definitions.count })
    builder.keepsTypes = false
    linkDefinitions(policies)
    for document in policies { link(document) }
    if rules.isEmpty, roles.roles.isEmpty, diagnostics.isEmpty { reportEmpty(sources) }
    diagnostics = Self.inOrder(diagnostics, sources)
  }

  private mutating func reportEmpty(_ sources: [PolicySource]) {
    diagnostics.append(
      LoadDiagnostic(
        code: "empty-set", message: "there are no rules and no roles here",
        help: "a policy set has at least one document with a `policy` name",
        position: SourcePosition(file: sources.first?.name ?? "policy set", line: 1, column: 1),
        excerpt: "",
        severity: .error))
  }

  /// By file in load order, then by place, and no more of a file than anyone reads.
  private static func inOrder(
    _ diagnostics: [LoadDiagnostic], _ sources: [PolicySource]
  ) -> [LoadDiagnostic] {
    var order: [String: Int] = [:]
    for (index, source) in sources.enumerated() { order[source.name] = index }
    let sorted = diagnostics.sorted { a, b in
      let (x, y) = (order[a.position.file] ?? 0, order[b.position.file] ?? 0)
      if x != y { return x < y }
      return (a.position.line, a.position.column) < (b.position.line, b.position.column)
    }
    var counts: [String: Int] = [:]
    return sorted.filter { diagnostic in
      counts[diagnostic.position.file, default: 0] += 1
      return counts[diagnostic.position.file, default: 0] <= EngineLimits.diagnosticsPerFile
    }
  }

  // MARK: Reading

  private mutating func read(_ source: PolicySource) {
    let file: SourceFile
    do throws(LoadDiagnostic) {
      file = try SourceFile(reading: source, index: files.count)
    } catch {
      return diagnostics.append(error)
    }
    let tape = file.tape
    files.append(file)
    fixtures.append([:])
    var reader = DocumentReader(file)
    if tape.member("vocabulary", of: tape.root) != nil, tape.member("policy", of: tape.root) == nil
    {
      if let document = reader.vocabulary() { vocabularies.append(document) }
    } else if tape.member("policy", of: tape.root) != nil {
      if let document = reader.policy() { policies.append(document) }
    } else if tape.member("tests", of: tape.root) != nil {
      // Read as rules they would change the set's revision.
      reader.report(
        "unknown-document", "these are tests: they don't belong to the policy set", at: tape.root,
        help: "`modelgate test` runs them; among rule files, their names end in `.test.json`")
    } else {
      reader.report(
        "unknown-document", "this is neither a policy nor a vocabulary", at: tape.root,
        help: "name it: `\"policy\": \"…\"` or `\"vocabulary\": \"…\"`")
    }
    diagnostics += reader.diagnostics
  }

  private mutating func rejectDuplicateNames() {
    var names: [String: SourcePosition] = [:]
    let documents =
      policies.map { ($0.file, $0.name, "policy") }
      + vocabularies.map { ($0.file, $0.name, "vocabulary") }
    for (file, name, kind) in documents where !name.name.isEmpty {
      let key = "\(kind) \(name.name)"
      if let first = names[key] {
        report(
          file, "duplicate-name", "\(kind) `\(name.name)` is declared twice", name.node,
          help: "it stands first at \(first)")
      } else {
        names[key] = file.position(ofNode: name.node)
      }
    }
  }

  mutating func report(
    _ file: SourceFile, _ code: String, _ message: String, _ node: Int, help: String? = nil
  ) {
    diagnostics.append(
      file.diagnostic(code, message, at: file.tape.sourceRange(of: node), help: help))
  }

  // MARK: Documents

  private mutating func link(_ document: PolicyDocument) {
    for fixture in document.fixtures { fixtures[document.file.index][fixture.name] = fixture.node }
    for rule in document.rules { link(rule, document) }
    for part in document.unauthorized { link(part, document) }
  }

  private mutating func link(_ part: PolicyDocument.Unauthorized, _ document: PolicyDocument) {
    let scope = part.actions.map { RoleLinker.set($0) }
    var environment = vocabulary.environment(actions: scope, types: nil)
    environment.declare(Self.grantingPrivileges, .list(.string))
    guard let message = template(part.message, document.file, environment) else { return }
    unauthorized.append(LinkedUnauthorized(actions: scope, message: message, error: part.error))
  }

  private mutating func link(_ rule: PolicyDocument.Rule, _ document: PolicyDocument) {
    let position = document.file.position(ofNode: rule.id.node)
    if let first = ids[rule.id.name] {
      report(
        document.file, "duplicate-id", "rule `\(rule.id.name)` is declared twice", rule.id.node,
        help: "it stands first at \(first)")
    } else if !rule.id.name.isEmpty {
      ids[rule.id.name] = position
    }
    let scope = rule.actions.map { scopeOfRule($0) }
    let types = rule.resourceTypes?.map(\.name)
    let environment = vocabulary.environment(actions: scope, types: types)
    let when = rule.when.map { condition($0, document.file, environment, "when") }
    let unless = rule.unless.map { condition($0, document.file, environment, "unless") }
    let message = rule.message.map { template($0, document.file, environment) }
    guard when != .some(nil), unless != .some(nil) else { return }
    if case .some(nil) = message { return }
    let entry = when ?? nil
    let atoms =
      entry.map { ConditionAtom.atoms(of: builder.program.expressions[Int($0.expression)]) } ?? []
    for example in rule.examples {
      examples.append(
        LinkedExample(
          rule: rules.count, expected: example.expected, file: document.file.index,
          node: example.node))
    }
    rules.append(
      LinkedRule(
        id: rule.id.name, policy: document.name.name, description: rule.description ?? "",
        source: rule.source, effect: rule.effect, stage: rule.stage, mode: rule.mode,
        actions: scope,
        resourceTypes: types?.map { builder.intern($0) }, when: when ?? nil, unless: unless ?? nil,
        message: message ?? nil, error: rule.error, position: position,
        atoms: atoms))
  }

  /// The action set of a rule. Many rules are about the same actions and share one.
  private mutating func scopeOfRule(_ patterns: [Named]) -> ActionSet {
    let key = patterns.map(\.name)
    if let known = scopes[key] { return known }
    let scope = RoleLinker.set(patterns)
    scopes[key] = scope
    return scope
  }

  /// Forgets what only the index needed.
  mutating func dropAtoms() {
    for index in rules.indices where !rules[index].atoms.isEmpty { rules[index].atoms = [] }
  }

  /// Puts the rules into the order in which they are asked: by phase, then as they stand in their
  /// documents.
  mutating func orderRules() {
    let order = rules.indices.sorted { a, b in
      let (x, y) = (
        RuleCode.Phase(rules[a].effect, rules[a].stage),
        RuleCode.Phase(rules[b].effect, rules[b].stage)
      )
      return (x.rawValue, a) < (y.rawValue, b)
    }
    // Copying a hundred thousand rules takes time; most sets have one kind.
    guard order != Array(rules.indices) else { return }
    var place = [Int](repeating: 0, count: rules.count)
    for (new, old) in order.enumerated() { place[old] = new }
    rules = order.map { rules[$0] }
    for index in examples.indices { examples[index].rule = place[examples[index].rule] }
  }

  /// Every action that something in the set names exactly.
  var actionNames: [[UInt8]] {
    var names = vocabulary.actionNames
    for rule in rules { names += (rule.actions?.patterns ?? []).filter(\.isExact).map(\.text) }
    for privilege in roles.privileges {
      names += privilege.actions.patterns.filter(\.isExact).map(\.text)
    }
    for role in roles.roles { names += role.actions.patterns.filter(\.isExact).map(\.text) }
    return names
  }
}
