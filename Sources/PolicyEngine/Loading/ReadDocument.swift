import CEL

/// A rule file as it was read: everything that follows from its name and text alone.
struct ReadDocument: Sendable {
  /// Nil if the text is not JSON.
  var file: SourceFile?
  var policy: PolicyDocument?
  var vocabulary: VocabularyDocument?
  var diagnostics: [LoadDiagnostic] = []

  /// The same as the file of another number.
  func numbered(_ index: Int) -> ReadDocument {
    guard let file, file.index != index else { return self }
    var copy = self
    let renumbered = file.numbered(index)
    copy.file = renumbered
    copy.policy?.file = renumbered
    copy.vocabulary?.file = renumbered
    return copy
  }
}

extension ReadDocument {
  /// Rules that one task reads at a time.
  private static let chunk = 1_000

  /// Reads sources that are not in the cache, on several cores; the revision of all is worked out
  /// beside.
  static func read(
    _ sources: [PolicySource], _ cache: PolicyCache.Contents, tasks: Int
  ) -> (documents: [ReadDocument], revision: String) {
    let all = Parallel.map(sources.count + 1, tasks: tasks) { index in
      index == 0
        ? Part.revision(PolicySet.digest(sources))
        : Part.document(head(sources[index - 1], index - 1, cache))
    }
    var revision = ""
    var documents: [ReadDocument] = []
    var waiting: [(document: Int, rules: [Int])] = []
    var counts: [(document: Int, rules: Int)] = []
    for part in all {
      switch part {
      case .revision(let text): revision = text
      case .document(let (document, rules)):
        for start in stride(from: 0, to: rules.count, by: chunk) {
          waiting.append(
            (documents.count, Array(rules[start..<min(start + chunk, rules.count)])))
        }
        counts.append((documents.count, rules.count))
        documents.append(document)
      }
    }
    let heads = documents
    let chunks = Parallel.map(waiting.count, tasks: tasks) { [waiting] index in
      rules(waiting[index].rules, of: heads[waiting[index].document])
    }
    for (document, count) in counts { documents[document].policy?.rules.reserveCapacity(count) }
    for (place, chunk) in zip(waiting, chunks) {
      documents[place.document].policy?.rules += chunk.rules
      documents[place.document].diagnostics += chunk.diagnostics
    }
    for index in documents.indices {
      let extra = documents[index].diagnostics.count - EngineLimits.diagnosticsPerFile
      if extra > 0 { documents[index].diagnostics.removeLast(extra) }
    }
    return (documents, revision)
  }

  private enum Part: Sendable {
    case revision(String)
    case document((ReadDocument, rules: [Int]))
  }

  private static func rules(
    _ nodes: [Int], of document: ReadDocument
  ) -> (rules: [PolicyDocument.Rule], diagnostics: [LoadDiagnostic]) {
    guard let file = document.file else { return ([], []) }
    var reader = DocumentReader(file)
    var rules: [PolicyDocument.Rule] = []
    rules.reserveCapacity(nodes.count)
    for node in nodes { if let rule = reader.rule(node) { rules.append(rule) } }
    return (rules, reader.diagnostics)
  }

  /// A document without its rules, and the nodes where these stand; all of it if it is known.
  private static func head(
    _ source: PolicySource, _ index: Int, _ cache: PolicyCache.Contents
  ) -> (ReadDocument, rules: [Int]) {
    if let known = cache.document(source) { return (known.numbered(index), []) }
    var document = ReadDocument()
    do throws(LoadDiagnostic) {
      let file = try SourceFile(reading: source, index: index)
      document.file = file
      var reader = DocumentReader(file)
      let rules = document.read(&reader)
      document.diagnostics = reader.diagnostics
      return (document, rules)
    } catch {
      document.diagnostics = [error]
      return (document, [])
    }
  }

  private mutating func read(_ reader: inout DocumentReader) -> [Int] {
    let tape = reader.tape
    let isPolicy = tape.member("policy", of: tape.root) != nil
    if isPolicy {
      guard let (document, rules) = reader.policyHead() else { return [] }
      policy = document
      return rules
    }
    if tape.member("vocabulary", of: tape.root) != nil {
      vocabulary = reader.vocabulary()
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
    return []
  }
}
