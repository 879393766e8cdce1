import CEL
import PolicyEngine

/// The report for programs: all of it.
struct JSONReport {
  let report: Report

  var text: String {
    var writer = JSONWriter(.pretty)
    writer.beginObject()
    writer.member("revision", report.policies.revision)
    writer.name("summary")
    writer.beginObject()
    writer.member("tests", report.run.results.count)
    for status in TestResult.Status.allCases {
      writer.member(status.rawValue, report.run.count(status))
    }
    writer.endObject()
    writer.name("tests")
    writer.beginArray()
    for result in report.run.results { write(result, &writer) }
    writer.endArray()
    if let coverage = report.run.coverage {
      writer.name("coverage")
      write(coverage, &writer)
    }
    if let mutation = report.mutation {
      writer.name("mutation")
      write(mutation, &writer)
    }
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  private func write(_ position: SourcePosition, _ writer: inout JSONWriter) {
    writer.member("file", position.file)
    writer.member("line", position.line)
    writer.member("column", position.column)
  }

  private func write(_ result: TestResult, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("suite", result.test.suite)
    writer.member("name", result.test.name)
    writer.member("status", result.status.rawValue)
    write(result.test.position, &writer)
    if let skip = result.test.skip { writer.member("skip", skip) }
    if !result.differences.isEmpty {
      writer.name("differences")
      writer.beginArray()
      for difference in result.differences {
        writer.beginObject()
        writer.member("what", difference.what)
        writer.member("expected", difference.expected)
        writer.member("actual", difference.actual)
        writer.endObject()
      }
      writer.endArray()
    }
    if let decision = result.decision {
      writer.name("decision")
      decision.write(to: &writer)
    }
    writer.endObject()
  }

  // MARK: Coverage

  private func write(_ share: Coverage.Share, _ name: String, _ writer: inout JSONWriter) {
    writer.name(name)
    writer.beginObject()
    writer.member("covered", share.hit)
    writer.member("all", share.all)
    writer.member("percent", share.percent)
    writer.endObject()
  }

  private func write(_ coverage: Coverage, _ writer: inout JSONWriter) {
    writer.beginObject()
    write(coverage.total, "total", &writer)
    write(coverage.ruleShare, "rule_share", &writer)
    write(coverage.clauseShare, "clause_share", &writer)
    write(coverage.roleShare, "role_share", &writer)
    write(coverage.privilegeShare, "privilege_share", &writer)
    for (name, parts) in [("rules", coverage.rules), ("definitions", coverage.definitions)] {
      writer.name(name)
      writer.beginArray()
      for part in parts { write(part, &writer) }
      writer.endArray()
    }
    for (name, holders) in [("roles", coverage.roles), ("privileges", coverage.privileges)] {
      writer.name(name)
      writer.beginArray()
      for holder in holders {
        writer.beginObject()
        writer.member("name", holder.name)
        write(holder.position, &writer)
        writer.member("granted", holder.granted)
        writer.endObject()
      }
      writer.endArray()
    }
    writer.endObject()
  }

  private func write(_ part: Coverage.Part, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", part.name)
    write(part.position, &writer)
    writer.member("asked", part.asked)
    if part.effect != nil {
      writer.member("matched", part.matched)
      writer.member("decided", part.decided)
    }
    writer.name("clauses")
    writer.beginArray()
    for clause in part.clauses {
      writer.beginObject()
      writer.member("expression", clause.expression)
      write(clause.position, &writer)
      writer.member("true", clause.isTrue)
      writer.member("false", clause.isFalse)
      writer.member("error", clause.isError)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  // MARK: Mutation

  private func write(_ mutation: MutationRun, _ writer: inout JSONWriter) {
    writer.beginObject()
    write(mutation.score, "score", &writer)
    writer.name("mutants")
    writer.beginArray()
    for result in mutation.results {
      writer.beginObject()
      writer.member("kind", result.mutant.kind.rawValue)
      writer.member("owner", result.mutant.owner)
      writer.member("change", result.mutant.change)
      write(result.mutant.position, &writer)
      switch result.status {
      case .killed(let name):
        writer.member("status", "killed")
        writer.member("by", name)
      case .survived: writer.member("status", "survived")
      case .invalid: writer.member("status", "invalid")
      }
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
