import CEL

/// What is taken over from an earlier load, and what is left for the next.
extension Linker {
  /// Before the first rule: what was checked against other vocabularies or definitions is nothing
  /// worth any more.
  mutating func useCache() {
    guard options.cache != nil else { return }
    kept.basis = PolicyCache.Basis(
      vocabularies: files.filter { file in
        file.tape.member("vocabulary", of: file.tape.root) != nil
      }.map(\.tape.source), definitions: vocabulary.definitions)
    if kept.basis != cache.basis { cache.expressions = [:] }
    for (name, known) in kept.documents {
      if cache.documents[name]?.source.bytes == known.source.bytes {
        kept.tally.filesKept += 1
      } else {
        kept.tally.filesRead += 1
      }
    }
  }

  /// Leaves what was used to the next load.
  func fillCache() { options.cache?.contents = kept }

  /// An expression that is checked against the types of a scope.
  mutating func checked(
    _ source: String, _ scope: RuleScope
  ) throws(CompilationError) -> CheckedExpression {
    guard options.cache != nil, let name = scope.name else {
      return try scope.environment.check(source)
    }
    let key = PolicyCache.ExpressionKey(scope: name, text: source)
    if let known = kept.expressions[key] ?? cache.expressions[key] {
      kept.tally.expressionsKept += 1
      kept.expressions[key] = known
      return known
    }
    kept.tally.expressionsChecked += 1
    let checked = try scope.environment.check(source)
    kept.expressions[key] = checked
    return checked
  }
}
