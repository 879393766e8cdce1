import CEL
import EngineComparison
import Synchronization
import Testing

@testable import PolicyEngine

/// A set does not depend on how many tasks read it, nor do the faults that are found in it.
@Suite struct ParallelLoadTests {
  /// Enough rules for several tasks, in two files; some with faults.
  private static func sources(faults: Bool) -> [PolicySource] {
    (0..<2).map { file in
      let rules = (0..<2_700).map { index in
        let number = file * 10_000 + index
        let isFaulty = faults && index % 400 == 17
        let condition = isFaulty ? "resource.id = 'x'" : "resource.id == 'i\(number % 900)'"
        let more = faults && index % 500 == 3 ? #", "colour": 1"# : ""
        return
          #"{"id": "r\#(number)", "description": "d", "effect": "deny", "message": "no ${resource.id}", "when": "\#(condition)"\#(more)}"#
      }
      let text = #"{"policy": "p\#(file)", "rules": [\#(rules.joined(separator: ",\n"))]}"#
      return PolicySource(name: "\(file).json", bytes: Array(text.utf8))
    }
  }

  private static func options(_ tasks: Int) -> LoadOptions {
    var options = LoadOptions()
    options.tasks = tasks
    return options
  }

  @Test func anyNumberOfTasks() throws {
    let sources = Self.sources(faults: false)
    var answers: Set<[String]> = []
    for tasks in [1, 2, 3, 64] {
      let set = try PolicySet(sources, timeZones: TimeZones(), options: Self.options(tasks))
      var authorizer = Authorizer(set)
      authorizer.explains = true
      let json = request().replacing(#""id": "t""#, with: #""id": "i5""#)
      answers.insert(
        [set.revision] + set.ruleNames + [try authorizer.decide(json: Array(json.utf8)).json()])
    }
    #expect(answers.count == 1)
    #expect(answers.first?.count == 5_402)
  }

  @Test func faultsComeInTheirOrder() {
    let sources = Self.sources(faults: true)
    var found: Set<[LoadDiagnostic]> = []
    for tasks in [1, 2, 3, 64] {
      do throws(PolicyLoadError) {
        _ = try PolicySet(sources, timeZones: TimeZones(), options: Self.options(tasks))
        Issue.record("it loads")
      } catch {
        found.insert(error.diagnostics)
      }
    }
    #expect(found.count == 1)
    let places = found.first?.map { "\($0.position.file) \($0.position.line) \($0.code)" } ?? []
    #expect(places.count == 26 && places.first == "0.json 4 unknown-field")
  }

  /// No more of a file than anyone reads, whoever has read it.
  @Test(arguments: [1, 64]) func tooManyFaults(_ tasks: Int) {
    let rules = (0..<3_500).map { #"{"id": "r\#($0)"}"# }.joined(separator: ",")
    let source = PolicySource(
      name: "x", bytes: Array(#"{"policy": "p", "rules": [\#(rules)]}"#.utf8))
    do throws(PolicyLoadError) {
      _ = try PolicySet([source], timeZones: TimeZones(), options: Self.options(tasks))
      Issue.record("it loads")
    } catch {
      #expect(error.diagnostics.count == EngineLimits.diagnosticsPerFile)
      #expect(error.diagnostics.allSatisfy { $0.code == "missing-field" })
      #expect(error.diagnostics.last?.position.column ?? 0 < 10_000)
    }
  }

  @Test func progressIsTold() throws {
    let told = Mutex<[Int]>([])
    var options = LoadOptions()
    options.progress = { done, all in told.withLock { $0 += [done, all] } }
    _ = try PolicySet(Self.sources(faults: false), timeZones: TimeZones(), options: options)
    #expect(told.withLock { $0 } == [4_096, 5_400])
  }

  @Test(arguments: [0, 1, 2, 1_000], [0, 1, 2, 64]) func results(_ count: Int, _ tasks: Int) {
    #expect(Parallel.map(count, tasks: tasks) { $0 * 2 } == (0..<count).map { $0 * 2 })
  }
}
