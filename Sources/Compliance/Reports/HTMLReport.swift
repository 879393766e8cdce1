import CEL
import PolicyEngine

/// One page for people: what failed and why, what is covered, who may do what. It loads nothing,
/// runs no script, and follows the reader's choice of light or dark.
struct HTMLReport {
  let report: Report

  var text: String {
    let verdict = report.run.count(.failed) == 0 ? "All tests pass" : "Tests fail"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(verdict) · policy tests</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      \(header)
      <main>
      \(tiles)
      \(failures)
      \(survivors)
      \(matrix)
      \(rules)
      \(tests)
      </main>
      <footer>modelgate \(report.version.xml) · revision <code>\(report.policies.revision.prefix(12))</code></footer>
      </body>
      </html>

      """
  }

  // MARK: Summary

  private var header: String {
    let run = report.run
    let failed = run.count(.failed)
    let word = failed == 0 ? "pass" : "fail"
    let skipped = run.count(.skipped)
    var sentence =
      failed == 0
      ? "\(run.count(.passed)) tests pass" : "\(failed) of \(run.results.count) tests fail"
    if skipped > 0 { sentence += ", \(skipped) skipped" }
    return """
      <header class="\(word)">
      <p class="kicker">Policy tests</p>
      <h1><span class="mark" aria-hidden="true">\(failed == 0 ? "✓" : "✗")</span> \(sentence)</h1>
      </header>
      """
  }

  private var tiles: String {
    let run = report.run
    var tiles = [tile("Tests", .init(hit: run.count(.passed), all: run.results.count), "passed")]
    if let coverage = run.coverage {
      tiles.append(tile("Rules", coverage.ruleShare, "decided something"))
      tiles.append(tile("Clauses", coverage.clauseShare, "outcomes seen"))
      tiles.append(tile("Roles", coverage.roleShare, "granted something"))
      tiles.append(tile("Privileges", coverage.privilegeShare, "granted something"))
    }
    if let mutation = report.mutation {
      tiles.append(tile("Mutants", mutation.score, "noticed"))
    }
    return "<section class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</section>"
  }

  private func tile(_ name: String, _ share: Coverage.Share, _ words: String) -> String {
    """
    <div class="tile"><h2>\(name)</h2><p class="big">\(share.shown)</p>\(Self.bar(share))<p class="small">\(share.hit) of \(share.all) \(words)</p></div>
    """
  }

  static func bar(_ share: Coverage.Share) -> String {
    let grade = share.hit == share.all ? "full" : share.percent >= 80 ? "most" : "few"
    return
      "<div class=\"bar \(grade)\" role=\"img\" aria-label=\"\(share.shown)\"><span style=\"width:\(decimal(share.percent))%\"></span></div>"
  }

  // MARK: Failures

  private var failures: String {
    let failures = report.run.failures
    guard !failures.isEmpty else { return "" }
    return "<section><h2>Failures</h2>\n" + failures.map(failure).joined(separator: "\n")
      + "\n</section>"
  }

  private func failure(_ result: TestResult) -> String {
    let rows = result.differences.map { difference in
      "<tr><th scope=\"row\">\(difference.what.xml)</th><td class=\"expected\">\(Self.lines(difference.expected))</td><td class=\"actual\">\(Self.lines(difference.actual))</td></tr>"
    }
    let why = result.decision.map {
      "<details open><summary>The decision, and why</summary><pre>\(FailureText.explain($0).map { $0.replacingControls().xml }.joined(separator: "\n"))</pre></details>"
    }
    return """
      <article class="failure"><h3>\(result.test.fullName.replacingControls().xml)</h3>
      <p class="place">\("\(result.test.position)".xml)</p>
      <div class="scroll"><table class="differences"><thead><tr><th></th><th>expected</th><th>actual</th></tr></thead><tbody>\(rows.joined())</tbody></table></div>
      \(why ?? "")</article>
      """
  }

  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).replacingControls().xml
    }.joined(separator: "<br>")
  }

  private var survivors: String {
    guard let mutation = report.mutation, !mutation.survivors.isEmpty else { return "" }
    let rows = mutation.survivors.map { mutant in
      "<tr><td>\(Self.code(mutant.owner))</td><td>\(Self.code(mutant.change))</td><td class=\"place\">\("\(mutant.position)".xml)</td></tr>"
    }
    return """
      <section><h2>Changes that no test notices</h2>
      <p class="small">Each of these would make a policy set that passes all tests.</p>
      <div class="scroll"><table class="plain"><thead><tr><th>where</th><th>change</th><th>place</th></tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      </section>
      """
  }

  /// Text with what stands in backticks as code.
  static func code(_ text: String) -> String {
    let parts = text.replacingControls().split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? "<code>\(String(part).xml)</code>" : String(part).xml
    }.joined()
  }

  // MARK: Tests

  private var tests: String {
    var order: [String] = []
    var bySuite: [String: [TestResult]] = [:]
    for result in report.run.results {
      if bySuite[result.test.suite] == nil { order.append(result.test.suite) }
      bySuite[result.test.suite, default: []].append(result)
    }
    let suites = order.map { name in
      let results = bySuite[name] ?? []
      let share = Coverage.Share(hit: results.count { $0.status == .passed }, all: results.count)
      let items = results.map { result in
        "<li class=\"\(result.status.rawValue)\">\(result.test.name.replacingControls().xml)\(result.test.skip.map { " <span class=\"small\">skipped: \($0.xml)</span>" } ?? "")</li>"
      }
      return
        "<details><summary><span class=\"name\">\(name.xml)</span><span class=\"count\">\(share.hit)/\(share.all)</span></summary><ul>\(items.joined())</ul></details>"
    }
    return
      "<section><h2>Tests</h2><div class=\"suites\">\n\(suites.joined(separator: "\n"))\n</div></section>"
  }
}
