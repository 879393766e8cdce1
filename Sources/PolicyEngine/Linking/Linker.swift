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
  /// What the conditions of the rules require, for the index.
  var atoms = RuleAtoms()
  /// The scope of each rule.
  var scopeOfRule: [Int32] = []
  var scopes: [RuleScope] = []
  var scopeNumbers: [ScopeKey: Int32] = [:]
  var ids: [String: SourcePosition] = [:]
  var templates = ExpressionTemplates()
  /// Rules that were linked, and all that there are.
  var linked = 0
  var ruleCount: Int { policies.reduce(0) { $0 + $1.rules.count } }
  let timeZones: TimeZones

  /// The variables of every condition. `granting_privileges` is for messages of refusals.
  static let variables = ["subject", "action", "resource", "context"]
  static let grantingPrivileges = "granting_privileges"

  let options: LoadOptions
  /// What an earlier load left, and what this one leaves.
  var cache = PolicyCache.Contents()
  var kept = PolicyCache.Contents()
  /// The digest of all sources.
  private(set) var revision = ""

  init(timeZones: TimeZones, options: LoadOptions) {
    self.timeZones = timeZones
    self.options = options
    if let cache = options.cache { self.cache = cache.contents }
    vocabulary = Vocabulary([], timeZones: timeZones)
    builder = ProgramBuilder(Environment())
  }

  mutating func link(_ sources: [PolicySource]) {
    read(sources)
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
    useCache()
    reserve()
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

  private mutating func read(_ sources: [PolicySource]) {
    let (documents, revision) = ReadDocument.read(sources, cache, tasks: options.tasks)
    self.revision = revision
    for (source, document) in zip(sources, documents) {
      if options.cache != nil { kept.documents[source.name] = (source, document) }
      diagnostics += document.diagnostics
      guard let file = document.file else { continue }
      // Files that are not JSON have no number.
      let numbered = document.numbered(files.count)
      files.append(numbered.file ?? file)
      fixtures.append([:])
      if let policy = numbered.policy { policies.append(policy) }
      if let vocabulary = numbered.vocabulary { vocabularies.append(vocabulary) }
    }
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

  /// What the index is made of, once the rules are in order.
  var indexedRules: IndexedRules {
    IndexedRules(rules: rules, scopes: scopes, scopeOfRule: scopeOfRule, atoms: atoms)
  }

  /// Every action that something in the set names exactly.
  var actionNames: [[UInt8]] {
    var names = vocabulary.actionNames
    for scope in scopes { names += (scope.actions?.patterns ?? []).filter(\.isExact).map(\.text) }
    for privilege in roles.privileges {
      names += privilege.actions.patterns.filter(\.isExact).map(\.text)
    }
    for role in roles.roles { names += role.actions.patterns.filter(\.isExact).map(\.text) }
    return names
  }
}
