import CEL
import EngineComparison
import PolicyEngine
import Testing

/// A set that is loaded with what an earlier load left is the set that is loaded from nothing.
@Suite struct CacheTests {
  /// Rule files that somebody edits.
  private struct Desk {
    var generator: PolicyGenerator
    var files: [(name: String, text: String)]

    init(seed: UInt64) {
      generator = PolicyGenerator(seed: seed)
      let texts = generator.parts().files(3, &generator, shuffles: true)
      files = texts.enumerated().map { ("\($0).json", $1) }
    }

    var sources: [PolicySource] {
      files.map { PolicySource(name: $0.name, bytes: Array($0.text.utf8)) }
    }

    private static let vocabularies = [
      #"{"vocabulary": "v", "subject": {"attributes": {"level": "int", "tags": "dyn"}}}"#,
      #"{"vocabulary": "v", "subject": {"attributes": {"level": "string", "tags": "dyn"}}}"#,
      #"{"vocabulary": "v", "context": {"attributes": {"n": "int", "flag": "dyn", "where": "dyn"}}}"#,
      #"{"vocabulary": "v", "context": {"attributes": {"n": "int"}}}"#,
      #"{"vocabulary": "w", "resources": {"t": {"attributes": {"owner": "string"}}}}"#,
    ]

    /// One edit, or a few at once.
    mutating func edit() {
      let place = generator.number(0...files.count - 1)
      switch generator.number(0...8) {
      case 0:
        let (from, to) = generator.chance(50) ? ("'x'", "'z'") : ("'y'", "'x'")
        files[place].text = files[place].text.replacing(from, with: to, maxReplacements: 1)
      case 1: files[place].text = files[place].text.replacing("\"deny\"", with: "\"warn\"")
      case 2:
        files[place].text = files[place].text.replacing(
          "context.n", with: "context.m", maxReplacements: 1)
      case 3: files[place].text += generator.chance(30) ? "}" : " "
      case 4: files.swapAt(place, generator.number(0...files.count - 1))
      case 5 where files.count > 1: files.remove(at: place)
      case 6:
        let text = Self.vocabularies[generator.number(0...Self.vocabularies.count - 1)]
        files.insert(("v\(generator.number(0...2)).json", text), at: place)
      case 7: self = Desk(seed: UInt64(generator.number(0...1_000_000)))
      default:
        var other = Desk(seed: UInt64(generator.number(0...1_000_000)))
        other.generator = generator
        files[place].text = other.files[0].text
      }
    }
  }

  private static func load(
    _ sources: [PolicySource], _ cache: PolicyCache?
  ) -> Result<PolicySet, PolicyLoadError> {
    do throws(PolicyLoadError) {
      return .success(try PolicySet(sources, cache: cache))
    } catch {
      return .failure(error)
    }
  }

  @Test func anyEdits() throws {
    let rounds = DifferentialTests.setting("CACHE_ROUNDS", 40)
    var (loaded, refused, kept) = (0, 0, 0)
    for round in 0..<rounds {
      var desk = Desk(seed: 5 << 40 | UInt64(round))
      let cache = PolicyCache()
      for step in 0..<12 {
        let (with, without) = (Self.load(desk.sources, cache), Self.load(desk.sources, nil))
        let context = "round \(round), step \(step)"
        kept += cache.tally.filesKept + cache.tally.expressionsKept
        switch (with, without) {
        case (.failure(let one), .failure(let other)):
          refused += 1
          #expect(one.diagnostics == other.diagnostics, "\(context)")
        case (.success(let one), .success(let other)):
          loaded += 1
          #expect(one.revision == other.revision && one.warnings == other.warnings, "\(context)")
          #expect(one.ruleNames == other.ruleNames, "\(context)")
          try Self.compare(one, other, &desk.generator, context)
        default: Issue.record("only one of them loads: \(context)")
        }
        desk.edit()
        if desk.generator.chance(30) { desk.edit() }
      }
    }
    #expect(loaded > rounds * 2 && refused > rounds && kept > rounds * 10)
  }

  /// The same answers to the same requests, word for word.
  private static func compare(
    _ one: PolicySet, _ other: PolicySet, _ generator: inout PolicyGenerator, _ context: String
  ) throws {
    var (with, without) = (Authorizer(one), Authorizer(other))
    with.explains = true
    without.explains = true
    for _ in 0..<4 {
      let request = Array(generator.request().utf8)
      #expect(
        try with.decide(json: request).json() == without.decide(json: request).json(),
        "\(context)")
    }
  }

  // MARK: What is done anew

  private static func rules(_ name: String, _ conditions: String...) -> PolicySource {
    let rules = conditions.enumerated().map {
      rule("\(name)-\($0)", "deny", #""when": "\#($1)""#)
    }
    let text = #"{ "policy": "\#(name)", "rules": [\#(rules.joined(separator: ","))] }"#
    return PolicySource(name: "\(name).json", bytes: Array(text.utf8))
  }
  private static func definition(_ text: String) -> PolicySource {
    PolicySource(
      name: "d.json",
      bytes: Array(#"{ "policy": "d", "definitions": { "good": "\#(text)" } }"#.utf8))
  }

  private static func tally(
    _ cache: PolicyCache, _ sources: PolicySource...
  ) throws -> [Int] {
    _ = try PolicySet(sources, cache: cache)
    let tally = cache.tally
    return [tally.filesRead, tally.filesKept, tally.expressionsChecked, tally.expressionsKept]
  }

  @Test func onlyWhatHasChanged() throws {
    let cache = PolicyCache()
    let a = Self.rules("a", "size(resource.x) > 1", "subject.n > 2 && good")
    let b = Self.rules("b", "size(resource.y) > 1")
    let d = Self.definition("resource.z == 1")
    #expect(try Self.tally(cache, a, b, d) == [3, 0, 3, 0])
    #expect(try Self.tally(cache, a, b, d) == [0, 3, 0, 3])
    // A changed file is read, and of it what was not there before is checked.
    let b2 = Self.rules("b", "size(resource.y) > 1", "size(resource.y) > 3")
    #expect(try Self.tally(cache, a, b2, d) == [1, 2, 1, 3])
    // A definition of another text but the same type changes no check.
    #expect(try Self.tally(cache, a, b2, Self.definition("resource.z == 2")) == [1, 2, 0, 4])
    // One of another type does.
    #expect(try Self.tally(cache, a, b2, Self.definition("dyn(resource.z)")) == [1, 2, 4, 0])
    let vocabulary = PolicySource(
      name: "v.json",
      bytes: Array(
        #"{"vocabulary": "v", "subject": {"attributes": {"n": "int"}}}"#.utf8))
    #expect(
      try Self.tally(cache, a, b2, Self.definition("dyn(resource.z)"), vocabulary)
        == [1, 3, 4, 0])
    // What is gone is forgotten.
    #expect(try Self.tally(cache, b) == [1, 0, 1, 0])
    #expect(try Self.tally(cache, a, b, d) == [2, 1, 3, 0])
  }

  /// A load that fails leaves what it has read, and nothing else, to the next.
  @Test func failuresAreNoShortCut() throws {
    let cache = PolicyCache()
    let good = Self.rules("a", "size(resource.x) > 1")
    let bad = Self.rules("a", "size(resource.x) > ")
    for _ in 0..<2 {
      #expect(throws: PolicyLoadError.self) { try PolicySet([bad], cache: cache) }
    }
    #expect(try Self.tally(cache, good) == [1, 0, 1, 0])
    #expect(throws: PolicyLoadError.self) { try PolicySet([bad], cache: cache) }
  }

  /// Two files of one name are two files.
  @Test func filesOfOneName() throws {
    let one = Self.rules("a", "resource.x > 1")
    let two = PolicySource(
      name: one.name, bytes: Self.rules("b", "resource.x > 2").bytes)
    let cache = PolicyCache()
    for _ in 0..<2 {
      let set = try PolicySet([one, two], cache: cache)
      #expect(set.ruleNames == ["a-0", "b-0"])
    }
  }

  @Test func manyThreadsShareOne() async throws {
    let cache = PolicyCache()
    let revisions = try await withThrowingTaskGroup(of: String.self) { group in
      for index in 0..<24 {
        group.addTask {
          let set = try PolicySet(
            [
              Self.rules("a", "size(resource.x) > \(index % 3)"), Self.rules("b", "resource.y > 1"),
            ],
            cache: cache)
          return "\(index % 3) \(set.revision)"
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(revisions.count == 3)
  }
}
