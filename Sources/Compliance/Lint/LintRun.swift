import CEL
import PolicyEngine

/// One look at one policy set: what all checks share.
struct LintRun {
  let set: PolicySet
  let configuration: LintConfiguration
  let policies: [PolicyDocument]
  let vocabularies: [VocabularyDocument]
  let rules: [LintRule]
  /// Actions that vocabularies declare.
  let declaredActions: [String]
  /// What test documents beside the policies speak of.
  let tested: TestedNames
  var reader: ConditionReader
  private(set) var report = LintReport()
  private(set) var suppressions: Suppressions

  init(_ set: PolicySet, _ configuration: LintConfiguration, _ tested: TestedNames) {
    self.set = set
    self.configuration = configuration
    self.tested = tested
    var policies: [PolicyDocument] = []
    var vocabularies: [VocabularyDocument] = []
    for file in set.files {
      var reader = DocumentReader(file)
      if file.tape.member("policy", of: file.tape.root) != nil {
        if let document = reader.policy() { policies.append(document) }
      } else if let document = reader.vocabulary() {
        vocabularies.append(document)
      }
    }
    self.policies = policies
    self.vocabularies = vocabularies
    declaredActions = vocabularies.flatMap { $0.actions.map(\.name.name) }
    reader = ConditionReader(set)
    suppressions = Suppressions(policies)
    let linked = Dictionary(
      set.rules.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { a, _ in a })
    let declarations = Declarations(vocabularies)
    var rules: [LintRule] = []
    for document in policies {
      for rule in document.rules {
        guard let index = linked[rule.id.name] else { continue }
        rules.append(
          LintRule(rule, set.rules[index], document.file, declarations, &reader))
      }
    }
    self.rules = rules
  }

  /// Everything that is found, in order.
  mutating func finish() -> LintReport {
    for problem in suppressions.problems(configuration) {
      append(problem.code, problem.diagnostic, nil)
    }
    let order = Dictionary(
      set.files.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { a, _ in a })
    report.findings.sort { a, b in
      let (x, y) = (a.diagnostic.position, b.diagnostic.position)
      let (first, second) = (order[x.file] ?? 0, order[y.file] ?? 0)
      if first != second { return first < second }
      if x.line != y.line { return x.line < y.line }
      if x.column != y.column { return x.column < y.column }
      return a.diagnostic.code < b.diagnostic.code
    }
    return report
  }

  mutating func note(_ text: String) {
    if !report.notes.contains(text) { report.notes.append(text) }
  }

  func isOn(_ code: LintCode) -> Bool { configuration.level(of: code) != .off }

  // MARK: Reporting

  /// Reports something about the value at `node`, unless it is suppressed by what it is a part of.
  mutating func report(
    _ code: LintCode, _ message: String, _ file: SourceFile, at node: Int, in owner: Int,
    help: String?, fix: LintFinding.Fix? = nil
  ) {
    report(
      code, message, file, range: file.tape.sourceRange(of: node), in: owner, help: help, fix: fix)
  }

  mutating func report(
    _ code: LintCode, _ message: String, _ file: SourceFile, range: Range<Int>, in owner: Int,
    help: String?, fix: LintFinding.Fix? = nil
  ) {
    guard isOn(code) else { return }
    if suppressions.accept(code, file, owner) {
      report.suppressed += 1
      return
    }
    append(code, file.diagnostic(code.rawValue, message, at: range, help: help), fix)
  }

  /// Reports something about a part of an expression that stands in a string.
  mutating func report(
    _ code: LintCode, _ message: String, _ file: SourceFile, part: String, of text: Named,
    in owner: Int, help: String?
  ) {
    let start = text.name.range(ofText: part) ?? 0..<text.name.utf8.count
    let lower = file.tape.sourceOffset(ofDecodedByte: start.lowerBound, inString: text.node)
    let upper = file.tape.sourceOffset(ofDecodedByte: start.upperBound, inString: text.node)
    report(code, message, file, range: lower..<max(lower, upper), in: owner, help: help)
  }

  private mutating func append(
    _ code: LintCode, _ diagnostic: LoadDiagnostic, _ fix: LintFinding.Fix?
  ) {
    let level = configuration.level(of: code)
    guard level != .off else { return }
    report.findings.append(
      LintFinding(
        code: code,
        diagnostic: LoadDiagnostic(
          code: code.rawValue, message: diagnostic.message, help: diagnostic.help,
          position: diagnostic.position, excerpt: diagnostic.excerpt,
          severity: level == .error ? .error : .warning), fix: fix))
  }
}

extension String {
  /// Where a text stands first, in bytes.
  fileprivate func range(ofText part: String) -> Range<Int>? {
    let (all, wanted) = (Array(utf8), Array(part.utf8))
    guard !wanted.isEmpty, wanted.count <= all.count else { return nil }
    return (0...(all.count - wanted.count)).first { all[$0...].starts(with: wanted) }
      .map { $0..<$0 + wanted.count }
  }
}

/// A rule as it was written, as it was linked, and as a formula.
struct LintRule {
  let written: PolicyDocument.Rule
  let linked: LinkedRule
  let file: SourceFile
  let when: Formula
  let unless: Formula
  /// What vocabularies say of the attributes that requests about it carry.
  let declared: ([String]) -> Assumptions.Declaration?

  init(
    _ written: PolicyDocument.Rule, _ linked: LinkedRule, _ file: SourceFile,
    _ declarations: Declarations, _ reader: inout ConditionReader
  ) {
    self.written = written
    self.linked = linked
    self.file = file
    when = linked.when.map { reader.formula(of: $0) } ?? .constant(true)
    unless = linked.unless.map { reader.formula(of: $0) } ?? .constant(false)
    declared = declarations.scope(linked.actions, written.resourceTypes?.map(\.name))
  }

  var id: String { written.id.name }
  /// When it applies.
  var formula: Formula { .all([when, .negation(unless)]) }

  /// Patterns of its actions; nil: every action.
  var patterns: [ActionPattern]? { linked.actions?.patterns }

  /// Whether every request that the other rule is about is one that this rule is about.
  func covers(scopeOf other: LintRule) -> Bool {
    if let patterns {
      guard let inner = other.patterns else { return false }
      guard inner.allSatisfy({ pattern in patterns.contains { $0.covers(pattern) } }) else {
        return false
      }
    }
    guard let types = written.resourceTypes?.map(\.name) else { return true }
    guard let inner = other.written.resourceTypes?.map(\.name) else { return false }
    return Set(inner).isSubset(of: types)
  }
}

extension ActionPattern {
  /// Whether it matches everything that the other pattern matches. A star of the other pattern is
  /// matched by a star of this one alone.
  func covers(_ other: ActionPattern) -> Bool { matches(other.text) }
}
